"""The steps that a placement's page offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from placements.models import Acceptance, Placement, PlacementChange
from placements.operations.gates import lacking
from placements.operations.moving import verbs_for

State = Placement.State
Side = Acceptance.Side
BUTTONS = {
    "offer": "Offer it to both",
    "accept": "Both said yes",
    "confirm": "Confirm",
    "activate": "It has begun",
    "pause": "Pause",
    "resume": "Resume",
    "complete": "Complete",
}
ONWARD = frozenset(BUTTONS) - {"pause"}
"""Of these steps the first possible one is the page's primary button."""
FORMS = {
    "change_days": "Change the days",
    "decline": "One declined",
    "withdraw": "Withdraw",
    "end_early": "End early",
}
"""Steps that ask something first, on a page of their own."""
SAID_YES = {Side.LEADER: "The leader said yes", Side.SCHOOL: "The school said yes"}


class Choice(NamedTuple):
    url: str
    words: str
    asks: bool
    is_primary: bool
    side: str = ""
    """The side whose yes it records, if it is for one side."""


class Gate(NamedTuple):
    """The next step that has requirements, and what is missing; empty if nothing is."""

    verb: str
    words: str
    lacking: str


def gate_of(placement: Placement) -> Gate | None:
    """The gate before the next step; None if there is none. Needs school.parent."""
    is_due = placement.starts_on <= timezone.localdate()
    if placement.state == State.ACCEPTED:
        return Gate("confirm", "Confirm it", lacking(placement, "confirm"))
    if placement.state == State.CONFIRMED and is_due:
        return Gate("activate", "Begin it", lacking(placement, "activate"))
    return None


def choices_for(placement: Placement, gate: Gate | None, said: Collection[str]) -> list[Choice]:
    """The possible steps: those done at once, then those that ask something first.

    `said` are the sides that said yes. A step for which something is missing is not among them.
    """
    verbs = set(verbs_for(placement))
    if placement.state in Placement.OPEN_STATES:
        verbs.add("change_days")
    if gate is not None and gate.lacking:
        verbs.discard(gate.verb)
    return [
        choice
        for verb, words in {**BUTTONS, **FORMS}.items()
        if verb in verbs
        for choice in _choices(placement, verb, words, said)
    ]


def days_left(
    placement: Placement, changes: Collection[PlacementChange], today: date
) -> list[Choice]:
    """A link to an opening for the days left, if an early end leaves any."""
    opening, last = placement.opening, placement.ends_on
    ends_early = any(
        one.state == State.ENDED_EARLY and one.ends_on_before and one.ends_on_before > last
        for one in changes
    )
    if not ends_early or opening is None or max(last, today) >= opening.ends_on:
        return []
    url = reverse("placements:opening_add", args=[placement.school_id])
    return [Choice(f"{url}?after={placement.pk}", "Add an opening for the days left", True, False)]


def _choices(placement: Placement, verb: str, words: str, said: Collection[str]) -> list[Choice]:
    url = reverse(f"placements:placement_{verb}", args=[placement.pk])
    if verb != "accept":
        return [Choice(url, words, verb in FORMS, verb in ONWARD)]
    sides = [Choice(url, SAID_YES[side], False, False, side) for side in Side if side not in said]
    return sides if said else [*sides, Choice(url, words, False, False)]
