"""The days of a series: pure functions. The local time is the same on each day."""

from __future__ import annotations

from datetime import date, timedelta

from dlp.calendar import academic_year, half_term_starts, is_school_day, monday_of, term_start

WEEK = timedelta(days=7)
NEAREST_FIRST = (0, -1, 1, -2, 2, -3, 3)


def weekly(first: date, count: int, *, every: int = 1) -> list[date]:
    """`count` days, `every` so many weeks, the first included."""
    return [first + WEEK * every * step for step in range(count)]


def half_termly(first: date, count: int) -> list[date]:
    """The same weekday of the same week of each half-term, from that of `first` on.

    Schools differ by days, so these are proposals to check. A day that would fall into the holiday
    after a shorter half-term moves back to its last week.
    """
    starts = [
        start
        for year in range(academic_year(first), academic_year(first) + count // 6 + 2)
        for start in half_term_starts(year)
    ]
    begun = max(index for index, start in enumerate(starts) if start <= monday_of(first))
    into = monday_of(first) - starts[begun]
    days = []
    for index in range(begun, begun + count):
        week = min(starts[index] + into, starts[index + 1] - 2 * WEEK)
        days.append(week + timedelta(days=first.weekday()))
    days[0] = first
    return days


def terms_between(first: date, second: date) -> int:
    """How many terms `second` is after `first`. A holiday belongs to the term that follows it."""
    number = 0
    while term_start(first, number + 1) < term_start(second, 1):
        number += 1
    return number


def terms_later(day: date, number: int) -> date:
    """The same weekday of the same week of the term so many terms later.

    A school day stays one if possible: terms differ in length, so it moves by up to three weeks.
    """
    week = monday_of(term_start(day, number + 1)) + (monday_of(day) - monday_of(term_start(day, 1)))
    moved = [week + WEEK * weeks + timedelta(days=day.weekday()) for weeks in NEAREST_FIRST]
    if not is_school_day(day):
        return moved[0]
    return next((one for one in moved if is_school_day(one)), moved[0])
