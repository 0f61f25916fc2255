"""The apps to be asked again where somebody's time in a cohort has changed.

Which time a go at a requirement counts for follows from the days of it, and so changes with them; and
whoever has left comes to no session.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

_reporters: list[Callable[[Collection[int]], object]] = []


def register(report_on: Callable[[Collection[int]], object]) -> None:
    """Have `report_on` look again at people whose time in a cohort has changed."""
    _reporters.append(report_on)


def report_anew(people: Collection[int]) -> None:
    """Ask every app what it knows of these people, in the transaction that changed their time."""
    for report_on in _reporters:
        report_on(people)
