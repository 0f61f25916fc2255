"""The answers to an offer: it is agreed once both sides say yes, and over once one says no."""

from __future__ import annotations

from django.db import transaction

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import span
from placements import offers
from placements.models import Acceptance, Opening, Placement, SchoolContact
from placements.operations.capacity import refuse_unless_free
from placements.operations.gates import lay_out
from placements.operations.moving import (
    STEPS,
    lock_placement,
    move,
    one_before,
    refuse_unless_legal,
)
from placements.operations.openings import refuse_unless_open, settle_opening

Side, Via = Acceptance.Side, Acceptance.Via


@transaction.atomic
def say_yes(
    placement: Placement,
    side: str,
    *,
    via: str = Via.STAFF,
    by: Person | None = None,
    contact: SchoolContact | None = None,
    asking: int | None = None,
) -> Placement:
    """One side accepts. With the other's yes it is agreed, takes its place and gets its checks.

    `asking` is which round of asking was answered, if known; None is the current one. Repeating it
    changes nothing. Raises Refused if it is no longer offered, if its days have changed since, or
    if somebody else has taken the place.
    """
    placement, opening = lock_placement(placement)
    _refuse_unless_read(placement, asking)
    if placement.acceptances.standing().filter(side=side).exists():
        return placement
    refuse_unless_legal(placement, STEPS["accept"])
    refuse_unless_open(placement.school, placement.starts_on)
    refuse_unless_free(placement, opening)
    Acceptance.objects.create(
        placement=placement, side=side, asking=placement.asking, via=via, by=by, contact=contact
    )
    if placement.acceptances.standing().count() == len(Side):
        _agree(placement, opening, by=by)
    return placement


def _refuse_unless_read(placement: Placement, asking: int | None) -> None:
    if asking is not None and asking != placement.asking:
        days = span(placement.starts_on, placement.ends_on)
        raise Refused(f"The days have changed since you read them: they are {days}. Answer again.")


@transaction.atomic
def accept(placement: Placement, *, by: Person | None = None) -> Placement:
    """Record that both sides told the programme yes.

    Raises Refused if the place is taken.
    """
    placement, _ = lock_placement(placement)
    refuse_unless_legal(placement, STEPS["accept"])
    for side in Side:
        placement = say_yes(placement, side, by=by)
    return placement


def _agree(placement: Placement, opening: Opening | None, *, by: Person | None) -> None:
    placement.continues = one_before(placement.participation)
    move(placement, STEPS["accept"], by=by)
    lay_out(placement)
    if opening is not None:
        settle_opening(opening)
    offers.tell_how_it_went(placement)


@transaction.atomic
def decline(
    placement: Placement, *, reason: str, by: Person | None = None, asking: int | None = None
) -> Placement:
    """One side said no; `reason` says which. The opening stays open. `asking` as in `say_yes`."""
    placement, _ = lock_placement(placement)
    _refuse_unless_read(placement, asking)
    move(placement, STEPS["decline"], by=by, reason=reason)
    offers.tell_how_it_went(placement)
    return placement
