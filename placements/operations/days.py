"""Changing the days of a placement: agreed anew before it is confirmed, announced afterwards."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from cohorts.operations.plans import rebase
from dlp.errors import Refused
from placements import offers, reminders
from placements.models import Opening, Placement
from placements.operations.capacity import refuse_unless_free
from placements.operations.gates import lacking
from placements.operations.moving import lock_placement, record
from placements.operations.openings import refuse_unless_open, settle_opening
from placements.operations.placing import refuse_unless_within

State = Placement.State
BEGUN = frozenset({State.ACTIVE, State.PAUSED})
SURE = BEGUN | {State.CONFIRMED}
"""States in which a change of days needs a reason, and is announced instead of asked."""


@transaction.atomic
def change_days(
    placement: Placement,
    *,
    starts_on: date,
    ends_on: date,
    because: str = "",
    by: Person | None = None,
) -> Placement:
    """Change the days of a placement that is not over, and update the plan.

    Before it is confirmed both sides are asked again, since their yes was to other days, and a
    place that it held is free until they answer. Afterwards it keeps its state, needs a reason, and
    both sides are told. Locks as `place` does. The same days change nothing. Raises Refused if it
    is over, if the leader, school or opening is not free, if no agreement covers the new first day,
    and for a past day that would change what has happened.
    """
    placement, opening = lock_placement(placement)
    if placement.state not in Placement.OPEN_STATES:
        raise Refused(
            f"This placement is {placement.get_state_display().lower()}, so its days stay."
        )
    before = placement.starts_on, placement.ends_on
    if (starts_on, ends_on) == before:
        return placement
    if placement.state in SURE and not because.strip():
        raise Refused("Give the reason: both sides count on the days that were agreed.")
    uncovered = _uncovered(placement)
    placement.starts_on, placement.ends_on = starts_on, ends_on
    _refuse_unless_possible(placement, opening, moved=starts_on != before[0], uncovered=uncovered)
    _write_down(placement, before, because.strip(), by=by)
    if opening is not None:
        settle_opening(opening)
    if placement.state == State.OFFERED:
        offers.send(placement)
    elif placement.state in SURE:
        offers.tell_of_days(placement)
    return placement


def _uncovered(placement: Placement) -> str:
    """What its first day lacks of an agreement, if it is or is about to be confirmed."""
    return lacking(placement, "confirm") if placement.state in SURE else ""


def _refuse_unless_possible(
    placement: Placement, opening: Opening | None, *, moved: bool, uncovered: str
) -> None:
    """Refuse days that are not possible.

    `uncovered` is what the old first day lacked: a gate that was passed once stays passed.
    """
    refuse_unless_within(placement.participation, placement.starts_on, placement.ends_on)
    if placement.state in BEGUN:
        _refuse_unless_running(placement)
    if moved:
        refuse_unless_open(placement.school, placement.starts_on)
        if not uncovered and (why := _uncovered(placement)):
            raise Refused(why)
    if placement.state != State.PROPOSED:
        refuse_unless_free(placement, opening)


def _refuse_unless_running(placement: Placement) -> None:
    today = timezone.localdate()
    if placement.starts_on > today:
        raise Refused("It has begun, so its first day is today or earlier.")
    if placement.ends_on < today:
        raise Refused("It is still running. If it has ended before today, end it early instead.")


def _write_down(
    placement: Placement, before: tuple[date, date], because: str, *, by: Person | None
) -> None:
    """Save the new days, the resulting state, and everything counted from them."""
    was_held = placement.is_held
    if placement.state in (State.OFFERED, State.ACCEPTED):
        placement.state, placement.continues = State.OFFERED, None
        placement.asking += 1
    placement.save(update_fields=["starts_on", "ends_on", "state", "continues", "asking"])
    first, last = before
    record(placement, by=by, starts_on_before=first, ends_on_before=last, because=because)
    if was_held:
        rebase({placement.participation_id})
    reminders.plan_of({placement.participation_id})
