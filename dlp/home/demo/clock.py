"""When things of the demonstration were written down: always from its dates, never from the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dlp.calendar import LONDON, is_working_day


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def workday(day: date) -> date:
    """This day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_school_day(day: date) -> bool:
    """A working day outside the summer and Christmas holidays, about as schools keep them."""
    in_summer = (7, 24) <= (day.month, day.day) <= (9, 1)
    at_christmas = (day.month, day.day) >= (12, 19) or (day.month, day.day) <= (1, 4)
    return is_working_day(day) and not in_summer and not at_christmas


def school_day(day: date) -> date:
    """This day, or the first school day after it."""
    while not is_school_day(day):
        day += timedelta(days=1)
    return day
