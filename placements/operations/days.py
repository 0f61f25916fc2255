"""Other days for a placement: agreed afresh while it is not sure, and told to all once it is."""

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
"""From when on a change of days asks for a reason, and is told instead of asked."""


@transaction.atomic
def change_days(
    placement: Placement,
    *,
    starts_on: date,
    ends_on: date,
    because: str = "",
    by: Person | None = None,
) -> Placement:
    """Give a placement that is not over another first or last day, and bring the plan along.

    Before it is confirmed both sides are asked anew, since a yes was to other days, and a place
    that it held is free until they have answered. From then on it stays what it is, for a reason,
    and both are told. Locks as `place` does. The same days change nothing.

    Raises Refused where it is over, where the leader, the school or the opening is not free, where
    no agreement covers the new first day, and for days that have passed otherwise than they say.
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
    """What its first day lacks of an agreement, where that was confirmed or is about to be."""
    return lacking(placement, "confirm") if placement.state in SURE else ""


def _refuse_unless_possible(
    placement: Placement, opening: Opening | None, *, moved: bool, uncovered: str
) -> None:
    """`uncovered` is what its first day lacked until then: a gate passed once is not shut again."""
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
    """Its new days, the state that they bring it to, and what is counted from them."""
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
