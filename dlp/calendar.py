"""Dates and times as English schools use them: pure functions, no database.

Wall time is the local time in England; an instant is an aware datetime in UTC.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON = ZoneInfo("Europe/London")


class NoSuchTime(ValueError):
    """The clocks go forward over this time: it never occurs."""


class TwoSuchTimes(ValueError):
    """The clocks go back over this time: it occurs twice."""


def instant(day: date, at: time, *, second: bool | None = None) -> datetime:
    """Turn a wall time in England into an instant.

    `second` chooses between the two when the clocks go back (False is the first, in summer time);
    None means that nobody has been asked yet. Raises NoSuchTime, and TwoSuchTimes if `second` is
    None (R-EVT-01).
    """
    first = datetime.combine(day, at.replace(fold=0), LONDON).astimezone(UTC)
    other = datetime.combine(day, at.replace(fold=1), LONDON).astimezone(UTC)
    if first == other:
        return first
    if first > other:  # inside the hour that spring leaves out
        raise NoSuchTime(
            f"The clocks go forward on {day:%-d %B %Y}, so {at:%H:%M} does not happen."
        )
    if second is None:
        raise TwoSuchTimes(f"The clocks go back on {day:%-d %B %Y}, so {at:%H:%M} happens twice.")
    return other if second else first


def instant_or_nearest(day: date, at: time) -> datetime:
    """Turn a wall time into an instant without asking: for reminders, never for sessions.

    An ambiguous time is the first of the two; a time that does not exist moves forward by the
    gap (messages.md R26).
    """
    return datetime.combine(day, at.replace(fold=0), LONDON).astimezone(UTC)


def wall(moment: datetime) -> datetime:
    """The wall time in England at an instant."""
    return moment.astimezone(LONDON)


def academic_year(day: date) -> int:
    """The calendar year in which the academic year of this day began, on 1 September (R-PRG-03)."""
    return day.year if day.month >= 9 else day.year - 1


def academic_year_label(day: date) -> str:
    first = academic_year(day)
    return f"{first}–{(first + 1) % 100:02d}"


def term(day: date) -> str:
    """Autumn from September, spring from January, summer from Easter's month on."""
    if day.month >= 9:
        return "autumn"
    return "spring" if day.month <= 3 else "summer"


def term_bounds(day: date) -> tuple[date, date]:
    """The first and the last day of the term that this day falls in, both included."""
    year = academic_year(day)
    return {
        "autumn": (date(year, 9, 1), date(year, 12, 31)),
        "spring": (date(year + 1, 1, 1), date(year + 1, 3, 31)),
        "summer": (date(year + 1, 4, 1), date(year + 1, 8, 31)),
    }[term(day)]


@cache
def bank_holidays() -> dict[date, str]:
    """Bank holidays in England and Wales by day, from the GOV.UK data in the package; never fetched."""
    holidays = BankHolidays(use_cached_holidays=True)
    return {
        holiday["date"]: holiday["title"]
        for holiday in holidays.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    }


def is_working_day(day: date) -> bool:
    """Whether this is a weekday and no bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays()


WEEKS_OFF = (1, 2, 1, 2, 1)
"""How long schools are closed before each half-term but the first."""


def monday_of(day: date) -> date:
    """The Monday of the week of this day."""
    return day - timedelta(days=day.weekday())


def half_term_starts(year: int) -> list[date]:
    """The Mondays on which the six half-terms of the academic year `year` usually begin."""
    return [
        monday_of(date(year, 9, 1)),
        monday_of(date(year, 10, 29)) + timedelta(days=7),
        monday_of(date(year + 1, 1, 8)),
        monday_of(date(year + 1, 2, 21)) + timedelta(days=7),
        monday_of(date(year + 1, 4, 14)),
        monday_of(date(year + 1, 5, 31)) + timedelta(days=7),
    ]


@cache
def _days_between_half_terms(year: int) -> set[date]:
    """The holidays before each half-term of an academic year but its first."""
    return {
        start - timedelta(days=days)
        for start, weeks in zip(half_term_starts(year)[1:], WEEKS_OFF, strict=True)
        for days in range(1, 7 * weeks + 1)
    }


def is_school_day(day: date) -> bool:
    """A working day in term, by the usual calendar: schools differ by days, so it is a proposal."""
    in_summer = (7, 24) <= (day.month, day.day) <= (9, 1)
    at_christmas = (day.month, day.day) >= (12, 19) or (day.month, day.day) <= (1, 4)
    is_holiday = in_summer or at_christmas or day in _days_between_half_terms(academic_year(day))
    return is_working_day(day) and not is_holiday


def school_day_on_or_before(day: date) -> date:
    while not is_school_day(day):
        day -= timedelta(days=1)
    return day


def school_day_on_or_after(day: date) -> date:
    while not is_school_day(day):
        day += timedelta(days=1)
    return day


def school_days_later(day: date, number: int) -> date:
    """The day that many school days later, or earlier for a negative number."""
    step = timedelta(days=1 if number > 0 else -1)
    for _ in range(abs(number)):
        day += step
        while not is_school_day(day):
            day += step
    return day


def term_starts(year: int) -> list[date]:
    """The first school days of the three terms of the academic year `year`, as schools keep them."""
    return [school_day_on_or_after(monday) for monday in half_term_starts(year)[::2]]


def term_start(day: date, number: int) -> date:
    """When a term begins: 1 is the one this day is in, or the one after its holiday.

    2 is the term after that, 0 the one before it.
    """
    year = academic_year(day)
    years = range(year - 1 + min(0, number) // 3, year + 2 + max(0, number) // 3)
    starts = [start for one in years for start in term_starts(one)]
    here = max(index for index, start in enumerate(starts) if start <= school_day_on_or_after(day))
    return starts[here + number - 1]


def term_end(day: date, number: int) -> date:
    """The last school day of a term, counted as `term_start` counts."""
    return school_day_on_or_before(term_start(day, number + 1) - timedelta(days=1))


def season_start(day: date, season: str, number: int) -> date:
    """When a term of one season begins: 1 is the one this day is in, or the next."""
    here = next(turn for turn in (1, 2, 3) if term(term_start(day, turn)) == season)
    return term_start(day, here + 3 * (number - 1))


def working_day_on_or_before(day: date) -> date:
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    return months_later(day, 12 * years)


def months_later(day: date, months: int) -> date:
    """The same day some months later; where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
