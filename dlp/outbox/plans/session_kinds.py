"""Which kinds of session can have reminders. Their app tells us; the outbox knows no app."""

from __future__ import annotations

from collections.abc import Iterable

_labels: dict[str, str] = {}


def register(choices: Iterable[tuple[str, str]]) -> None:
    """Make kinds of session known, each with its label in plain words; again changes nothing."""
    _labels.update(choices)


def choices() -> list[tuple[str, str]]:
    """Every kind that is known, asked for anew by each form."""
    return sorted(_labels.items(), key=lambda pair: pair[1])
