"""One step for many people at once, each for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from cohorts.models import Participation
from dlp.errors import Refused


class Outcome(NamedTuple):
    done: list[Participation]
    skipped: list[tuple[Participation, str]]
    """Each with the sentence that says why."""


def to_each(held: Iterable[Participation], step: Callable[[Participation], Any]) -> Outcome:
    """Take a step with each; whoever it is refused for stays as they were, and the others go on."""
    outcome = Outcome([], [])
    for one in held:
        try:
            with transaction.atomic():
                step(one)
            outcome.done.append(one)
        except Refused as refusal:
            outcome.skipped.append((one, str(refusal)))
    return outcome
