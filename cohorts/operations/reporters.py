"""The apps that report goes at requirements, to be asked again where somebody's time has changed.

Which time in a cohort a go counts for follows from the days of it, and so changes with them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

_reporters: list[Callable[[Collection[int]], object]] = []


def register(report_on: Callable[[Collection[int]], object]) -> None:
    """Have `report_on` report anew on people whose time in a cohort has changed."""
    _reporters.append(report_on)


def report_anew(people: Collection[int]) -> None:
    """Ask every app what it knows of these people, in the transaction that changed their time."""
    for report_on in _reporters:
        report_on(people)
