"""How far a placement is on its way to the first day: both answers, checks, and gates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.prepared import SOMETHING, Prepared
from placements.checks import SECTION_128_TYPES, WHEN
from placements.models import Acceptance, Check, Placement, PlacementChange, Post, SchoolContact
from placements.permissions import (
    can_override_gates,
    contact_who_confirms,
    contact_who_decides,
)
from placements.resignation import resigns_by, warning
from placements.steps import Gate, gate_of

State = Placement.State
Side = Acceptance.Side
WAY = (
    (State.PROPOSED, "Proposed"),
    (State.OFFERED, "Offered"),
    (State.ACCEPTED, "Agreed"),
    (State.CONFIRMED, "Confirmed"),
    (State.ACTIVE, "Begun"),
)
BEFORE = frozenset({State.PROPOSED, State.OFFERED, State.ACCEPTED, State.CONFIRMED})
CHECKED = frozenset({State.ACCEPTED, State.CONFIRMED})


@dataclass(frozen=True)
class Milestone:
    words: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True)
class SideRow:
    """One side, and how it said yes; empty until it has."""

    words: str
    said: str


@dataclass(frozen=True)
class CheckRow:
    check: Check
    said: str


@dataclass(frozen=True)
class Checks:
    """The school's checks; `contacts` are those whom staff can name, `can_confirm` who may tap."""

    rows: list[CheckRow]
    summary: str
    left: int
    can_confirm: bool
    contacts: list[SchoolContact]


@dataclass(frozen=True)
class Beginning:
    """The way to the first day. Once a placement has begun only `checks` is left, as a record."""

    way: list[Milestone]
    sides: list[SideRow]
    said: Collection[str]
    is_asked: bool
    gate: Gate | None
    can_override: bool
    late: str
    resign_by: date | None
    checks: Checks | None


def of(
    viewer: Person,
    placement: Placement,
    changes: Sequence[PlacementChange],
    contacts: Sequence[SchoolContact],
    today: date,
) -> Beginning:
    """The beginning of a placement; `contacts` are the school's of today."""
    is_before = placement.state in BEFORE
    given = (
        list(placement.acceptances.standing().select_related("contact__person"))
        if is_before
        else []
    )
    said = {one.side for one in given}
    changing = can_change_programme(viewer)
    gate = gate_of(placement) if changing and is_before else None
    return Beginning(
        way=way(placement.state, is_staff=viewer.is_staff) if is_before else [],
        sides=[_side(side, given, placement, viewer) for side in Side]
        if placement.state in (State.OFFERED, *CHECKED)
        else [],
        said=said,
        is_asked=_is_asked(viewer, placement, said),
        gate=gate,
        can_override=gate is not None and bool(gate.lacking) and can_override_gates(viewer),
        late=_late(placement, changes, today) if changing else "",
        resign_by=_resign_by(placement, today) if changing else None,
        checks=_checks(viewer, placement, contacts, changing),
    )


def way(state: str, *, is_staff: bool) -> list[Milestone]:
    """The stages from the offer to the first day; for staff from the proposal, which only they see."""
    steps = WAY if is_staff else WAY[1:]
    now = [one for one, _ in steps].index(State(state))
    return [Milestone(said, index < now, index == now) for index, (_, said) in enumerate(steps)]


def _side(side: Side, given: Sequence[Acceptance], placement: Placement, viewer: Person) -> SideRow:
    leader = placement.participation.person
    words_of = {
        Side.LEADER: "You" if leader.pk == viewer.pk else str(leader),
        Side.SCHOOL: placement.host.said,
    }
    one = next((one for one in given if one.side == side), None)
    if one is None:
        return SideRow(words_of[side], "")
    by = f" by {one.contact.who}" if one.contact else ""
    how = {
        Acceptance.Via.PORTAL: "signed in",
        Acceptance.Via.LETTER: "from the letter",
        Acceptance.Via.STAFF: "told to the programme",
    }[Acceptance.Via(one.via)]
    return SideRow(words_of[side], f"Yes{by}, {how}, {words.plain_day(one.said_at)}")


def _is_asked(viewer: Person, placement: Placement, said: Collection[str]) -> bool:
    """Whether this person's own answer to the offer is awaited."""
    if placement.state != State.OFFERED:
        return False
    if placement.participation.person_id == viewer.pk:
        return Side.LEADER not in said
    return Side.SCHOOL not in said and contact_who_decides(viewer, placement) is not None


def _leaving(placement: Placement, today: date) -> Post | None:
    """The post from which the leader would resign."""
    posts = Post.objects.filter(person=placement.participation.person_id, starts_on__lte=today)
    held = posts.filter(ends_on=None) | posts.filter(ends_on__gte=today)
    return held.select_related("school").order_by("-starts_on").first()


def _is_head(post: Post | None) -> bool:
    return post is not None and post.level in (Post.Level.HEADTEACHER, Post.Level.EXECUTIVE)


def _resign_by(placement: Placement, today: date) -> date | None:
    """The day by which its leader must give notice, until it is agreed."""
    if placement.state not in (State.PROPOSED, State.OFFERED):
        return None
    return resigns_by(placement.starts_on, is_head=_is_head(_leaving(placement, today)))


def _late(placement: Placement, changes: Sequence[PlacementChange], today: date) -> str:
    """A warning about notice for an agreed match (R-PLC-03); a transfer resigns from nothing."""
    agreed = [words.as_day(one.recorded_at) for one in changes if one.state in CHECKED]
    if not agreed or placement.state not in CHECKED or placement.continues_id:
        return ""
    if agreed[0] <= resigns_by(placement.starts_on, is_head=True):
        return ""
    post = _leaving(placement, today)
    school = post.school if post else None
    return warning(
        placement.starts_on,
        agreed[0],
        is_head=_is_head(post),
        from_academy=school.type_code in SECTION_128_TYPES if school else None,
    )


def _checks(
    viewer: Person, placement: Placement, contacts: Sequence[SchoolContact], changing: bool
) -> Checks | None:
    if placement.state not in Placement.HELD_STATES:
        return None
    known = _checks_question().models({SOMETHING: placement.pk})
    rows = [CheckRow(one, _check_said(one)) for one in known]
    if not rows:
        return None
    required = [row.check for row in rows if row.check.is_required]
    left = sum(not check.is_confirmed for check in required)
    can_confirm = placement.state in CHECKED and (
        changing or contact_who_confirms(viewer, placement) is not None
    )
    done = len(required) - left
    return Checks(
        rows=rows,
        summary=f"{done} of {len(required)} that are required are confirmed."
        if left
        else "Everything required is confirmed.",
        left=left,
        can_confirm=can_confirm,
        contacts=sorted(contacts, key=_is_no_host_lead) if can_confirm and changing else [],
    )


@cache
def _checks_question() -> Prepared:
    checks = Check.objects.filter(placement=SOMETHING)
    return Prepared(checks.select_related("contact__person", "confirmed_by"))


def _is_no_host_lead(contact: SchoolContact) -> bool:
    return contact.role != SchoolContact.Role.HOST_LEAD


def _check_said(check: Check) -> str:
    if not check.is_confirmed:
        return WHEN.get(Check.Kind(check.kind), "") if not check.is_required else ""
    assert check.contact is not None  # noqa: S101  the database holds it
    assert check.confirmed_on is not None  # noqa: S101  the database holds it
    told = (
        ""
        if check.confirmed_by_id == check.contact.person_id
        else f", told to {check.confirmed_by}"
    )
    role = check.contact.get_role_display()
    role = role if role.isupper() else f"{role[:1].lower()}{role[1:]}"
    return f"{check.contact.who}, {role}, {words.plain_day(check.confirmed_on)}{told}"
