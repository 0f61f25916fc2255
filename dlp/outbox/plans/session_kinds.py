"""The kinds of session that can have reminders. Their app registers them."""

from __future__ import annotations

from collections.abc import Iterable

_labels: dict[str, str] = {}


def register(choices: Iterable[tuple[str, str]]) -> None:
    """Add kinds of session, each with its label. Repeating it changes nothing."""
    _labels.update(choices)


def choices() -> list[tuple[str, str]]:
    """Every registered kind, evaluated for each form."""
    return sorted(_labels.items(), key=lambda pair: pair[1])
