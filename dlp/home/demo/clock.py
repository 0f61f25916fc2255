"""When things of the demonstration were written down: always from its dates, never from the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from dlp.calendar import LONDON, academic_year, is_working_day
from training.repeats import half_term_starts

WEEKS_OFF = (1, 2, 1, 2, 1)
"""How long schools are closed before the half-terms that follow the first."""


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def workday(day: date) -> date:
    """This day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_school_day(day: date) -> bool:
    """A working day in term, about as schools keep it."""
    in_summer = (7, 24) <= (day.month, day.day) <= (9, 1)
    at_christmas = (day.month, day.day) >= (12, 19) or (day.month, day.day) <= (1, 4)
    is_holiday = in_summer or at_christmas or day in _days_between_half_terms(academic_year(day))
    return is_working_day(day) and not is_holiday


@cache
def _days_between_half_terms(year: int) -> set[date]:
    """The holidays before each half-term of an academic year but its first."""
    starts = half_term_starts(year)[1:]
    return {
        start - timedelta(days=days)
        for start, weeks in zip(starts, WEEKS_OFF, strict=True)
        for days in range(1, 7 * weeks + 1)
    }
