"""Dates as people and spreadsheets write them, the day before the month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

DAY_ZERO = date(1899, 12, 30)
"""Where spreadsheets count days from; a day early, because they take 1900 for a leap year."""

_MIDNIGHT = re.compile(
    r"[T ]+(?:0?0:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?|12:00(?::00)? ?AM)$", re.IGNORECASE
)
_COUNT_OF_DAYS = re.compile(r"\d{5}(?:\.0+)?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d\d)")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_IN_WORDS = (
    re.compile(_WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[- ](?P<word>[a-z]+)\.?,?[- ](?P<year>\d{4}|\d\d)", re.I),
    re.compile(_WEEKDAY + r"(?P<word>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.I),
)  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def as_date(cell: str, *, day_zero: date = DAY_ZERO) -> date | None:
    """Read one date; None for an empty cell. Raises ValueError with a sentence.

    A number is a spreadsheet's count of days since `day_zero`.
    """
    text = _bare(cell)
    if not text:
        return None
    found = _day_of(text, day_zero)
    if found is None or not 1900 <= found.year <= 2100:
        raise ValueError(f"“{text[:40]}” is not a date. Write it as 2026-09-01 or 1/9/2026.")
    return found


class DateColumn:
    """The dates of one column, written by one person.

    If one of them can only have the month first (12/31/2024), ambiguous ones are refused rather
    than guessed.
    """

    def __init__(self, cells: Iterable[tuple[int, str]], *, day_zero: date = DAY_ZERO) -> None:
        self._day_zero = day_zero
        bare = ((line, _bare(cell)) for line, cell in cells)
        self._proof = next((one for one in bare if _is_month_first(one[1])), None)

    def read(self, cell: str) -> date | None:
        """One date of the column; None for an empty cell. Raises ValueError with a sentence."""
        text = _bare(cell)
        if _is_month_first(text):
            month, day, year = _numbers(text)
            raise ValueError(
                f"“{text}” has the month before the day. Write it as {day}/{month}/{year}."
            )
        if self._proof and _is_either_way(text):
            day, month, year = _numbers(text)
            line, proof = self._proof
            raise ValueError(
                f"“{text}” could be {day} {_MONTHS[month - 1].title()} or "
                f"{month} {_MONTHS[day - 1].title()}, because line {line} has the month first "
                f"({proof}). Write it with the year first, as {_whole_year(year)}-{month:02}-{day:02}."
            )
        return as_date(text, day_zero=self._day_zero)


def _bare(cell: str) -> str:
    return _MIDNIGHT.sub("", " ".join(cell.split()))


def _numbers(text: str) -> tuple[int, int, int]:
    """The three numbers of a date that ends with its year; zeros for anything else."""
    match = _DAY_FIRST.fullmatch(text)
    return (int(match["day"]), int(match["month"]), int(match["year"])) if match else (0, 0, 0)


def _is_month_first(text: str) -> bool:
    first, second, _ = _numbers(text)
    return 1 <= first <= 12 < second <= 31


def _is_either_way(text: str) -> bool:
    first, second, _ = _numbers(text)
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def _day_of(text: str, day_zero: date) -> date | None:
    if _COUNT_OF_DAYS.fullmatch(text):
        return day_zero + timedelta(days=int(float(text)))
    for pattern in (_YEAR_FIRST, _DAY_FIRST, *_IN_WORDS):
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _month_of(parts["word"])
            try:
                return date(_whole_year(int(parts["year"])), month, int(parts["day"]))
            except ValueError:
                return None
    return None


def _month_of(word: str) -> int:
    """9 for "sep", "Sept" and "September"; 0 for what is no month."""
    word = word.lower()
    months = enumerate(_MONTHS, start=1)
    return next((n for n, name in months if len(word) > 2 and name.startswith(word)), 0)


def _whole_year(year: int) -> int:
    if year > 99:
        return year
    return year + (2000 if year < 69 else 1900)
