"""Apps that report on requirements, asked again when a participation has changed.

Which participation an attempt counts for depends on its days, and so changes with them; and people
who left come to no more sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

_reporters: list[Callable[[Collection[int]], object]] = []


def register(report_on: Callable[[Collection[int]], object]) -> None:
    """Call `report_on` with people whose participation has changed."""
    _reporters.append(report_on)


def report_anew(people: Collection[int]) -> None:
    """Ask all apps to report on these people again, in the transaction of the change."""
    for report_on in _reporters:
        report_on(people)
