"""The demonstration's first days: confirmed checks, an override, and an unanswered offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cohorts.models import Participation, Person
from dlp.home.demo.clock import noon, workday
from dlp.home.demo.lives import DAY, Life, Move, Placed, Stay
from placements.checks import asked_of
from placements.models import (
    Acceptance,
    Check,
    Opening,
    Placement,
    PlacementChange,
    SchoolContact,
)

State = Placement.State
CONFIRMED_BEFORE = timedelta(days=14)
LATE = timedelta(days=5)
"""How long after the first day the check came that one placement did not wait for."""
LACKING = "The school has not confirmed what is required: Enhanced DBS is outstanding."
ALL_THE_SAME = (
    "The certificate is on its way. The head has assessed the risk, and nobody works alone until it "
    "is here."
)
OFFERED_AHEAD = timedelta(days=42)


def let_one_through(changes: Sequence[PlacementChange], by: Person) -> None:
    """The newest transfer began without one check, on a reason by the programme lead."""
    transfers = [one for one in changes if one.state == State.ACTIVE and one.placement.continues_id]
    for one in transfers[-1:]:
        one.lacking, one.override_reason, one.by = LACKING, ALL_THE_SAME, by


def confirm_checks(
    placements: Sequence[Placement], changes: Sequence[PlacementChange], by: Person, today: date
) -> None:
    """Confirm all required checks a fortnight before, by the host lead or the coordinator."""
    leads = SchoolContact.objects.filter(role=SchoolContact.Role.HOST_LEAD).select_related("person")
    known = {one.school_id: one for one in leads.order_by("-pk")}
    late = {one.placement_id for one in changes if one.override_reason}
    Check.objects.bulk_create(
        check
        for placement in placements
        for check in _checks(placement, known[placement.school_id], by, placement.pk in late, today)
    )


def _checks(
    placement: Placement, lead: SchoolContact, by: Person, is_late: bool, today: date
) -> Iterator[Check]:
    said_by = lead.person if lead.person and lead.person.last_login else by
    for kind, is_required in asked_of(placement.school, is_slt=placement.is_slt).items():
        late = is_late and kind == Check.Kind.ENHANCED_DBS
        day = placement.starts_on + LATE if late else placement.starts_on - CONFIRMED_BEFORE
        is_done = is_required and day < today
        yield Check(
            placement=placement,
            kind=kind,
            is_required=is_required,
            confirmed_on=day if is_done else None,
            contact=lead if is_done else None,
            confirmed_by=said_by if is_done else None,
        )


def offer_again(
    told: Sequence[Life],
    opening: Opening,
    times: dict[str, Participation],
    by: Person,
    today: date,
) -> list[Placed]:
    """Offer an open post to whoever lost their placement in the newest cohort.

    It was to begin earlier, so both were asked again: the leader has said yes, the school has not
    answered yet. None if nobody lost theirs.
    """
    newest = [life for life in told if life.plan is told[-1].plan]
    without = (life for life in newest if life.stays[-1].state == State.ENDED_EARLY)
    life = next((one for one in without if one.is_expected_on(today)), None)
    if life is None:
        return []
    offered_on = max(today - 4 * DAY, life.stays[-1].ends_on)
    moves = [Move(State.PROPOSED, offered_on), Move(State.OFFERED, offered_on)]
    first = workday(today + OFFERED_AHEAD)
    stay = Stay(opening.school.urn or 0, first, life.plan.ends_on, moves)
    placement = Placement.objects.create(
        participation=times[life.leader.name],
        school=opening.school,
        opening=opening,
        strand=opening.strand,
        starts_on=first,
        ends_on=life.plan.ends_on,
        state=State.OFFERED,
        asking=2,
        host_name=opening.school.name,
        host_setting=opening.school.setting,
    )
    _tell_of_asking_again(placement, moves, by, today)
    return [Placed(life, stay, placement)]


def _tell_of_asking_again(placement: Placement, moves: list[Move], by: Person, today: date) -> None:
    """Its history: proposed, offered, offered with other days, and the leader's yes to those."""
    PlacementChange.objects.bulk_create(
        PlacementChange(
            placement=placement,
            state=move.state,
            effective_on=move.day,
            recorded_at=noon(min(move.day, today - DAY)),
            by=by,
        )
        for move in moves
    )
    offered_on = moves[-1].day
    offered_at = noon(min(offered_on, today - DAY))
    PlacementChange.objects.create(
        placement=placement,
        state=State.OFFERED,
        effective_on=offered_on,
        starts_on_before=workday(placement.starts_on - 7 * DAY),
        ends_on_before=placement.ends_on,
        recorded_at=offered_at + timedelta(minutes=20),
        by=by,
    )
    Acceptance.objects.create(
        placement=placement,
        side=Acceptance.Side.LEADER,
        asking=2,
        via=Acceptance.Via.PORTAL,
        said_at=max(offered_at + timedelta(hours=1), noon(today - DAY)),
        by=placement.participation.person,
    )
