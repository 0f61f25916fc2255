"""Who reads the replies to letters about a cohort: its coordinator, and whoever covers for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.utils import timezone

from cohorts.models import Person
from dlp.outbox.writing.rendering import as_header

Answering = Callable[[Person, date], Sequence[Person]]
"""From a member of staff and a day to who answers for them then; nobody if they left."""

_known: list[Answering] = []


def register(answering: Answering) -> None:
    """Let the room that knows who is away say who answers."""
    _known[:] = [answering]


def reply_to(coordinator: Person | None) -> str:
    """The addresses for Reply-To; empty, which is the programme's own, where nobody answers."""
    if coordinator is None:
        return ""
    people = [one for ask in _known for one in ask(coordinator, timezone.localdate())]
    return ", ".join(as_header(one.name, one.email) for one in people if one.email)
