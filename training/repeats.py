"""The days of a series: pure functions. The wall time stays the same on each of them."""

from __future__ import annotations

from datetime import date, timedelta

from dlp.calendar import academic_year

WEEK = timedelta(days=7)


def weekly(first: date, count: int, *, every: int = 1) -> list[date]:
    """`count` days, `every` so many weeks, the first included."""
    return [first + WEEK * every * step for step in range(count)]


def half_termly(first: date, count: int) -> list[date]:
    """The same weekday of the same week of each half-term, from the half-term of `first` on.

    Schools differ by days, so these are days to look at, not promises. A day that would fall
    into a shorter half-term's holiday moves back to its last week.
    """
    starts = [
        start
        for year in range(academic_year(first), academic_year(first) + count // 6 + 2)
        for start in half_term_starts(year)
    ]
    begun = max(index for index, start in enumerate(starts) if start <= _monday(first))
    into = _monday(first) - starts[begun]
    days = []
    for index in range(begun, begun + count):
        week = min(starts[index] + into, starts[index + 1] - 2 * WEEK)
        days.append(week + timedelta(days=first.weekday()))
    days[0] = first
    return days


def half_term_starts(year: int) -> list[date]:
    """The Mondays on which the six half-terms of the academic year `year` usually begin."""
    return [
        _monday(date(year, 9, 1)),
        _monday(date(year, 10, 29)) + WEEK,
        _monday(date(year + 1, 1, 8)),
        _monday(date(year + 1, 2, 21)) + WEEK,
        _monday(date(year + 1, 4, 14)),
        _monday(date(year + 1, 5, 31)) + WEEK,
    ]


def _monday(day: date) -> date:
    """The Monday of the week of this day."""
    return day - timedelta(days=day.weekday())
