"""Times in the demonstration, always derived from its dates, never from the clock."""

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
