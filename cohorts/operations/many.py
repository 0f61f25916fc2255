"""One operation for many people, each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from cohorts.models import Participation
from dlp.errors import Refused


class Outcome(NamedTuple):
    done: list[Participation]
    skipped: list[tuple[Participation, str]]
    """People who were skipped, each with a sentence that says why."""


def to_each(held: Iterable[Participation], step: Callable[[Participation], Any]) -> Outcome:
    """Do this for each of them; if it is refused for one, the others still go ahead."""
    outcome = Outcome([], [])
    for one in held:
        try:
            with transaction.atomic():
                step(one)
            outcome.done.append(one)
        except Refused as refusal:
            outcome.skipped.append((one, str(refusal)))
    return outcome
