"""What can be done with a placement next, as its page offers it."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from placements.models import Placement
from placements.operations.placements import verbs_for

BUTTONS = {
    "offer": "Offer it to both",
    "accept": "Both accepted",
    "confirm": "Confirm",
    "activate": "It has begun",
    "pause": "Pause",
    "resume": "Resume",
    "complete": "Complete",
}
ONWARD = frozenset(BUTTONS) - {"pause"}
"""Steps of which the first, where there is one, is the page's one primary button."""
FORMS = {
    "decline": "One declined",
    "withdraw": "Withdraw",
    "end_early": "End early",
}
"""Steps that ask something first, on a page of their own."""


class Choice(NamedTuple):
    url: str
    words: str
    asks: bool
    is_primary: bool


def choices_for(placement: Placement) -> list[Choice]:
    """The steps that its state allows: what is done at once, then what asks something first."""
    verbs = verbs_for(placement)
    return [
        Choice(
            reverse(f"placements:placement_{verb}", args=[placement.pk]),
            words,
            verb in FORMS,
            verb in ONWARD,
        )
        for verb, words in {**BUTTONS, **FORMS}.items()
        if verb in verbs
    ]
