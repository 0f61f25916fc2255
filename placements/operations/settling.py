"""What happens to placements by date alone: they begin, and end."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from placements.models import Placement
from placements.operations.gates import lacking
from placements.operations.moving import STEPS, lock_placement, move

State = Placement.State


def settle_due(today: date) -> int:
    """Begin confirmed placements on their first day, and close those past their last.

    One that lacks a required check stays confirmed, and the desk says so. Run every day; safe to
    repeat and to miss a day. Returns how many it changed.
    """
    first = Placement.objects.filter(state=State.CONFIRMED, starts_on__lte=today)
    last = Placement.objects.filter(state__in=[State.ACTIVE, State.PAUSED], ends_on__lt=today)
    changed = 0
    for pk in [*first.values_list("pk", flat=True), *last.values_list("pk", flat=True)]:
        changed += settle(pk, today)
    return changed


@transaction.atomic
def settle(pk: int, today: date) -> bool:
    """Take the step that is due in one placement. Returns whether there was one."""
    placement, _ = lock_placement(Placement.objects.get(pk=pk))
    before = placement.state
    if placement.state == State.CONFIRMED and placement.starts_on <= today:
        _begin(placement)
    if placement.state in (State.ACTIVE, State.PAUSED) and placement.ends_on < today:
        if placement.changes.ending_early().exists():
            placement.state = State.ENDED_EARLY  # its change was written when it was decided
            placement.save(update_fields=["state"])
        elif placement.state == State.ACTIVE:
            move(placement, STEPS["complete"], by=None, effective_on=placement.ends_on)
    return placement.state != before


def _begin(placement: Placement) -> None:
    if not lacking(placement, "activate"):
        move(placement, STEPS["activate"], by=None, effective_on=begins_on(placement))


def begins_on(placement: Placement) -> date:
    """Its first day, or the later day on which the last required check was confirmed."""
    confirmed = placement.checks.filter(is_required=True).values_list("confirmed_on", flat=True)
    return max([placement.starts_on, *(day for day in confirmed if day)])
