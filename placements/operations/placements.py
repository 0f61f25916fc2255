"""Staff's steps with a placement, one operation each; the two sides' answers are in `answers`."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import plain_day, span
from placements import offers, reminders
from placements.models import Placement, PlacementChange
from placements.operations.capacity import refuse_unless_free
from placements.operations.gates import lay_out, let_through
from placements.operations.moving import STEPS, lock_placement, move, refuse_unless_legal
from placements.operations.openings import refuse_unless_open, settle_opening
from placements.operations.settling import begins_on


@transaction.atomic
def offer(placement: Placement, *, by: Person | None = None) -> Placement:
    """Offer the placement: both sides see it, and a letter asks each for a yes or a no."""
    placement, _ = lock_placement(placement)
    placement = move(placement, STEPS["offer"], by=by)
    offers.send(placement)
    return placement


@transaction.atomic
def confirm(placement: Placement, *, by: Person | None = None, override: str = "") -> Placement:
    """Confirm that it goes ahead.

    Raises Refused if no partnership covers the first day (R-SCH-07), unless a programme lead gives
    a reason in `override`.
    """
    placement, opening = lock_placement(placement)
    refuse_unless_legal(placement, STEPS["confirm"])
    refuse_unless_open(placement.school, placement.starts_on)
    refuse_unless_free(placement, opening)
    passed_over = let_through(placement, "confirm", by=by, override=override)
    lay_out(placement)
    return move(placement, STEPS["confirm"], by=by, passed_over=passed_over)


@transaction.atomic
def activate(placement: Placement, *, by: Person | None = None, override: str = "") -> Placement:
    """Record that it has begun.

    Raises Refused before its first day, and while a required check is outstanding, unless a
    programme lead gives a reason in `override`.
    """
    placement, _ = lock_placement(placement)
    refuse_unless_legal(placement, STEPS["activate"])
    if placement.starts_on > timezone.localdate():
        raise Refused(f"This placement begins on {plain_day(placement.starts_on)}, not before.")
    passed_over = let_through(placement, "activate", by=by, override=override)
    begun_on = timezone.localdate() if passed_over.reason else begins_on(placement)
    step = STEPS["activate"]
    return move(placement, step, by=by, effective_on=begun_on, passed_over=passed_over)


@transaction.atomic
def pause(placement: Placement, *, by: Person | None = None) -> Placement:
    """Pause it; its days stay."""
    placement, _ = lock_placement(placement)
    return move(placement, STEPS["pause"], by=by)


@transaction.atomic
def resume(placement: Placement, *, by: Person | None = None) -> Placement:
    """Resume it after a pause."""
    placement, _ = lock_placement(placement)
    return move(placement, STEPS["resume"], by=by)


@transaction.atomic
def complete(placement: Placement, *, by: Person | None = None) -> Placement:
    """Record that it ran to its last day.

    Raises Refused before that day.
    """
    placement, _ = lock_placement(placement)
    if placement.ends_on > timezone.localdate():
        raise Refused(
            f"This placement runs until {plain_day(placement.ends_on)}. End it early instead."
        )
    return move(placement, STEPS["complete"], by=by, effective_on=placement.ends_on)


@transaction.atomic
def withdraw(placement: Placement, *, reason: str, by: Person | None = None) -> Placement:
    """Withdraw it before its first day, on the word of `reason`; its place is free again."""
    placement, opening = lock_placement(placement)
    was_known = placement.state != Placement.State.PROPOSED
    move(placement, STEPS["withdraw"], by=by, reason=reason)
    if opening is not None:
        settle_opening(opening)
    if was_known:
        offers.tell_how_it_went(placement)
    return placement


@transaction.atomic
def end_early(
    placement: Placement, *, last_day: date, reason: str, by: Person | None = None
) -> Placement:
    """End it before the day agreed; the change keeps that day, and whose decision it was.

    With a last day today or later it runs until that day is over. The opening is not offered again:
    for what the school needs next there is a new one. Raises Refused for a day outside the
    placement.
    """
    placement, _ = lock_placement(placement)
    step = STEPS["end_early"]
    refuse_unless_legal(placement, step)
    if not placement.starts_on <= last_day < placement.ends_on:
        raise Refused(
            f"This placement is {span(placement.starts_on, placement.ends_on)}. "
            f"Choose a last day from its first day on and before its last."
        )
    agreed_before, placement.ends_on = placement.ends_on, last_day
    if last_day < timezone.localdate():
        placement.state = step.to
    placement.save(update_fields=["ends_on", "state"])
    PlacementChange.objects.create(
        placement=placement,
        state=step.to,
        effective_on=last_day,
        ends_on_before=agreed_before,
        by=by,
        reason=reason,
    )
    reminders.plan_of({placement.participation_id})
    return placement
