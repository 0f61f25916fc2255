"""Withdrawing an opening, and the consequences for everybody considered for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import joined
from placements.models import Opening, Pencil, Placement, PlacementChange
from placements.operations.pencils import rub_out
from placements.operations.placements import withdraw

State = Opening.State
Reason = PlacementChange.Reason


@dataclass(frozen=True)
class KnockOn:
    """Who is pencilled, proposed, offered or placed in an opening."""

    pencilled: list[Pencil]
    proposed: list[Placement]
    offered: list[Placement]
    placed: list[Placement]

    @property
    def falling(self) -> list[Placement]:
        """The placements that are withdrawn with the opening, in the order in which to lock them."""
        return sorted([*self.proposed, *self.offered], key=lambda one: one.participation_id)


def knock_on(opening: Opening) -> KnockOn:
    found: dict[str, list[Placement]] = {}
    known = opening.placements.select_related("participation__person").order_by("pk")
    for one in known.filter(state__in=["proposed", "offered", *Placement.LIVE_STATES]):
        found.setdefault("placed" if one.is_held else one.state, []).append(one)
    pencils = Pencil.objects.standing_on(timezone.localdate()).for_display()
    return KnockOn(
        list(pencils.filter(opening=opening)),
        found.get("proposed", []),
        found.get("offered", []),
        found.get("placed", []),
    )


@transaction.atomic
def withdraw_opening(opening: Opening, *, by_school: bool = False, by: Person) -> Opening:
    """Withdraw a post that nobody holds; its proposals and offers are withdrawn too.

    People who knew of an offer are told. Raises Refused if somebody is placed in it.
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if opening.state == State.WITHDRAWN:
        return opening
    affected = knock_on(opening)
    if affected.placed:
        names = joined([str(one.participation.person) for one in affected.placed])
        verb = "is" if len(affected.placed) == 1 else "are"
        then = "Speak to the programme" if by_school else "Withdraw or end the placement"
        raise Refused(f"{names} {verb} placed here. {then} first.")
    opening.state = State.WITHDRAWN
    opening.withdrawn_on, opening.withdrawn_by_school = timezone.localdate(), by_school
    opening.save(update_fields=["state", "withdrawn_on", "withdrawn_by_school"])
    for one in affected.falling:
        withdraw(one, reason=Reason.SCHOOL if by_school else Reason.PROGRAMME, by=by)
    for pencil in affected.pencilled:
        rub_out(pencil, by=by)
    return opening
