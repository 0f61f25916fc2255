"""The people of one cohort: where each is placed, and their attendance.

Flat rows throughout: a full cohort has hundreds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import Case, Q, Value, When

from cohorts.models import Cohort, Participation, ParticipationChange
from cohorts.models.people import listed_name
from cohorts.planning.progress import Totals
from dlp import words
from dlp.home.roles import STAFF
from dlp.home.strips import Strip, strip
from dlp.http import addresses
from dlp.prepared import SOME_DAY, SOME_TIME, SOMEBODY, SOMETHING, Prepared
from placements.models import Placement
from placements.models.openings import RoleTitle
from placements.names import HostName, host_name
from placements.where import HOSTED, Hosted
from training.models import Booking, Kind, Session

IN_STRIP = 10
AHEAD_IN_STRIP = 2


OF_MEMBER = (
    "pk", "person_id", "state", "person__full_name", "person__known_as", "person__email",
    "person__invited_at", "starts_on", "expected_end_on",
)  # fmt: skip


class Row(NamedTuple):
    """A participation in the cohort."""

    pk: int
    person_id: int
    state: str
    full_name: str
    known_as: str
    email: str | None
    invited_at: datetime | None
    starts_on: date
    expected_end_on: date

    @property
    def name(self) -> str:
        return listed_name(self.full_name, self.known_as)

    @property
    def is_current(self) -> bool:
        return self.state in Participation.CURRENT_STATES

    @property
    def is_expected(self) -> bool:
        return self.state in Participation.EXPECTED_STATES


class Placed(NamedTuple):
    """The placement of somebody in the cohort."""

    pk: int
    role_title: str
    starts_on: date
    ends_on: date
    host_name: str
    host: Hosted

    @property
    def role(self) -> str:
        return RoleTitle(self.role_title).label


class Turn(NamedTuple):
    """Somebody's place at a session: their mark, empty if it is to come."""

    mark: str
    state: str
    kind: str
    day: date

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def answer(self) -> str:
        return Booking.State(self.state).label


@dataclass(frozen=True)
class Member:
    """One row of the table of people, ready to be written."""

    url: str
    name: str
    state: str
    state_label: str
    is_current: bool
    away: str
    """When somebody deferred is expected back, and when to look again."""
    plan: str
    """12 of 40, or nothing for somebody without a plan."""
    overdue: str
    placement_url: str
    openings_url: str
    """The openings for them, if they have no placement."""
    school: str
    role: str
    """With the last day, where the placement is over and the cohort is not; "None" without one."""
    strip: Strip | None
    next: Turn | None
    next_day: str


def members_of(cohort: Cohort) -> list[Row]:
    """Everybody who was ever in the cohort: current members first, then by name."""
    people = _members().rows({SOMETHING: cohort.pk})
    return sorted((Row(*one) for one in people), key=lambda one: not one.is_current)


@cache
def _members() -> Prepared:
    people = Participation.objects.visible_to(STAFF).filter(cohort=SOMETHING)
    return Prepared(people.order_by("person__search_text", "pk").values_list(*OF_MEMBER))


def placements_of(cohort: Cohort, today: date) -> dict[int, Placed]:
    """Each participation's placement of today, else the next, else the last."""
    rows = _placements().rows({SOMETHING: cohort.pk})
    found: dict[int, Placed] = {}
    for participation_id, pk, role_title, starts_on, ends_on, name, *host in rows:
        known = found.get(participation_id)
        if known is None or known.ends_on < today:
            hosted = Hosted(*host)
            found[participation_id] = Placed(pk, role_title, starts_on, ends_on, name, hosted)
    return found


@cache
def _placements() -> Prepared:
    held = Placement.objects.visible_to(STAFF).held().filter(participation__cohort=SOMETHING)
    return Prepared(
        held.order_by("starts_on").values_list(
            "participation_id", "pk", "role_title", "starts_on", "ends_on", "host_name", *HOSTED
        )
    )


def host_of(placed: Placed, today: date) -> HostName:
    return host_name(placed.host_name, placed.host.school, placed.ends_on, today)


def role_of(placed: Placed | None, row: Row, cohort: Cohort, today: date) -> str:
    """Associate Leader, until 27 March 2026; without a placement "None yet", or "None"."""
    is_over = cohort.ends_on < today
    if placed is None:
        return "None yet" if row.is_current and not is_over else "None"
    has_left = placed.ends_on < today and not is_over
    return f"{placed.role}, until {words.plain_day(placed.ends_on)}" if has_left else placed.role


def is_unplaced(placed: Placed | None, row: Row, cohort: Cohort, today: date) -> bool:
    """Whether they are on the programme in a running cohort without a current or future placement."""
    is_over = placed is None or placed.ends_on < today
    return is_over and row.is_expected and cohort.ends_on >= today


def turns_of(cohort: Cohort, people: list[int], now: datetime) -> dict[int, list[Turn]]:
    """A year of their marks (the last year, once the cohort is over), and what is to come."""
    since = min(words.as_day(now), cohort.ends_on) - timedelta(days=365)
    rows = _turns().rows({SOMEBODY: people, SOME_DAY: since, SOME_TIME: now}) if people else []
    turns: dict[int, list[Turn]] = defaultdict(list)
    for person_id, *turn in rows:
        turns[person_id].append(Turn(*turn))
    return turns


@cache
def _turns() -> Prepared:
    over = Q(session__ends_at__lt=SOME_TIME)
    ahead = Q(
        session__ends_at__gte=SOME_TIME,
        session__state=Session.State.PUBLISHED,
        state__in=Booking.LIVE_STATES,
    )
    return Prepared(
        Booking.objects.visible_to(STAFF)
        .filter(
            (over & ~Q(attendance="")) | ahead,
            person__in=[SOMEBODY],
            session__starts_on__gte=SOME_DAY,
        )
        .order_by("session__starts_at", "session_id")
        .annotate(mark=Case(When(over, then="attendance"), default=Value("")))
        .values_list("person_id", "mark", "state", "session__kind", "session__starts_on")
    )


def away_words_of(rows: Iterable[Row], today: date) -> dict[int, str]:
    """For the deferred: Expected back Mon 4 Jan 2027; look again Tue 1 Dec"""
    deferred = [row.pk for row in rows if row.state == Participation.State.DEFERRED]
    steps = _deferrals().rows({SOMETHING: deferred, SOME_DAY: today}) if deferred else []
    said: dict[int, str] = {}
    for pk, back_on, review_on in steps:
        said.setdefault(pk, away_words(back_on, review_on))
    return said


@cache
def _deferrals() -> Prepared:
    """The dates of their deferrals, the latest first."""
    steps = ParticipationChange.objects.visible_to(STAFF).of_deferral()
    known = steps.filter(participation__in=[SOMETHING], effective_on__lte=SOME_DAY)
    return Prepared(known.values_list("participation_id", "expected_return_on", "review_on"))


def away_words(back_on: date | None, review_on: date | None) -> str:
    said = [
        f"{what} {words.short_day(day)}"
        for what, day in (("expected back", back_on), ("look again", review_on))
        if day
    ]
    together = "; ".join(said)
    return together[:1].upper() + together[1:]


def table_of(
    rows: Iterable[Row],
    placements: Mapping[int, Placed],
    away: Mapping[int, str],
    turns: Mapping[int, list[Turn]],
    plans: Mapping[int, Totals],
    cohort: Cohort,
    today: date,
) -> list[Member]:
    """The rows of the table; turns come by person, all else by participation."""
    person_at, placement_at = addresses("home:person"), addresses("home:placement")
    openings_at = addresses("placements:openings_for")
    members = []
    for row in rows:
        placed, known = placements.get(row.pk), turns.get(row.person_id, [])
        marks = [one.mark for one in known if one.mark]
        ahead = [one for one in known if not one.mark]
        following = ahead[0] if ahead and row.is_current else None
        plan = plans.get(row.pk)
        members.append(
            Member(
                url=person_at(row.person_id),
                name=row.name,
                state=row.state,
                state_label=Participation.State(row.state).label,
                is_current=row.is_current,
                away=away.get(row.pk, ""),
                plan=f"{plan.done} of {plan.of}" if plan else "",
                overdue=f"{plan.overdue} overdue"
                if plan and plan.overdue and row.is_expected
                else "",
                placement_url=placement_at(placed.pk) if placed else "",
                openings_url=openings_at(row.pk) if is_unplaced(placed, row, cohort, today) else "",
                school=str(host_of(placed, today)) if placed else "",
                role=role_of(placed, row, cohort, today),
                strip=strip([*marks[-IN_STRIP:], *[""] * len(ahead[:AHEAD_IN_STRIP])]),
                next=following,
                next_day=f"{following.day:%-d %b}" if following else "",
            )
        )
    return members
