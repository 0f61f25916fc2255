"""Placing somebody in a post: as a proposal, or agreed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from cohorts.models import Participation, Person
from cohorts.operations.plans import rebase
from dlp.calendar import years_later
from dlp.errors import Refused
from dlp.words import span
from placements import reminders
from placements.models import Acceptance, Opening, Placement
from placements.operations import gates
from placements.operations.capacity import refuse_unless_free, why_not_free
from placements.operations.moving import lock_time_of, one_before, record
from placements.operations.openings import refuse_unless_open, settle_opening

State = Placement.State


@transaction.atomic
def propose(
    opening: Opening,
    participation: Participation,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Person | None = None,
    lacking: str = "",
    override_reason: str = "",
) -> Placement:
    """Propose somebody for a post: only staff see it, nobody is told and no place is taken.

    `lacking` is what speaks against it, and `override_reason` why it is proposed all the same.
    """
    opening, participation = _lock(opening, participation)
    placement = _new_placement(opening, participation, starts_on, ends_on)
    placement.save()
    record(placement, by=by, lacking=lacking, override_reason=override_reason)
    return placement


@transaction.atomic
def place(
    opening: Opening,
    participation: Participation,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Person | None = None,
) -> Placement:
    """Place somebody in a post that both sides have agreed to: the placement is confirmed.

    The default length is two years less a day, within the cohort's dates. Locks the opening and the
    person's participations, so that of two who take the last place one is refused. It begins by
    itself on its first day, once the school has confirmed the required checks. Raises Refused if
    the post, person or school is not free, or no partnership covers the first day.
    """
    opening, participation = _lock(opening, participation)
    placement = _new_placement(opening, participation, starts_on, ends_on)
    refuse_unless_free(placement, opening)
    if why := gates.lacking(placement, "confirm"):
        raise Refused(why)
    placement.continues = one_before(participation)
    placement.state = State.CONFIRMED
    placement.save()
    Acceptance.objects.bulk_create(
        Acceptance(placement=placement, side=side, via=Acceptance.Via.STAFF, by=by)
        for side in Acceptance.Side
    )
    gates.lay_out(placement)
    record(placement, by=by)
    rebase({placement.participation_id})
    reminders.plan_of({placement.participation_id})
    settle_opening(opening)
    return placement


def why_not_then(
    opening: Opening, participation: Participation, starts_on: date | None, ends_on: date | None
) -> str:
    """Where else somebody is on the given days; empty if they are free."""
    return why_not_free(_planned(opening, participation, starts_on, ends_on))


def default_end(starts_on: date, participation: Participation) -> date:
    """Two years less a day, and no longer than the person's time in the cohort (R-PLC-01)."""
    two_years = years_later(starts_on, 2) - timedelta(days=1)
    return min(two_years, _last_possible(participation))


def _last_possible(participation: Participation) -> date:
    return max(participation.cohort.ends_on, participation.expected_end_on)


def _new_placement(
    opening: Opening, participation: Participation, starts_on: date | None, ends_on: date | None
) -> Placement:
    placement = _planned(opening, participation, starts_on, ends_on)
    _refuse_unless_possible(opening, participation, placement.starts_on, placement.ends_on)
    return placement


def _planned(
    opening: Opening, participation: Participation, starts_on: date | None, ends_on: date | None
) -> Placement:
    first = starts_on or max(opening.starts_on, participation.starts_on)
    last = ends_on or default_end(first, participation)
    school = opening.school
    return Placement(
        participation=participation,
        school=school,
        opening=opening,
        role_title=opening.role_title,
        is_slt=opening.is_slt,
        strand=opening.strand,
        starts_on=first,
        ends_on=last,
        host_name=school.name,
        host_setting=school.setting,
    )


def _refuse_unless_possible(
    opening: Opening, participation: Participation, first: date, last: date
) -> None:
    person = participation.person
    if opening.state == Opening.State.FILLED:
        raise Refused("The last place of this opening has just been taken. Choose another one.")
    if opening.state != Opening.State.OPEN:
        raise Refused(f"This opening is {opening.get_state_display().lower()}. Choose an open one.")
    if participation.cohort_id != opening.cohort_id:
        raise Refused(f"This opening is for {opening.cohort}; {person} is in another cohort.")
    if not participation.is_expected:
        state = participation.get_state_display().lower()
        raise Refused(f"{person} is {state}, and cannot be placed now.")
    refuse_unless_within(participation, first, last)
    refuse_unless_open(opening.school, first)


def refuse_unless_within(participation: Participation, first: date, last: date) -> None:
    """A placement is part of somebody's time in their cohort."""
    if last < first:
        raise Refused("The last day cannot be before the first day.")
    cohort, latest = participation.cohort, _last_possible(participation)
    if first < cohort.starts_on or last > latest:
        raise Refused(
            f"{participation.person}’s time in {cohort} is {span(cohort.starts_on, latest)}. "
            f"Choose days within it."
        )


def _lock(opening: Opening, participation: Participation) -> tuple[Opening, Participation]:
    """Lock the opening, then the person: always in this order."""
    opening = (
        Opening.objects.select_for_update(of=("self",))
        .select_related("school__parent", "cohort")
        .get(pk=opening.pk)
    )
    return opening, lock_time_of(participation.pk)[participation.pk]
