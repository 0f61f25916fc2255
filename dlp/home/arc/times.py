"""Years and terms along the floor of the arc."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from dlp.calendar import (
    academic_year,
    academic_year_label,
    half_term_starts,
    term,
    term_bounds,
    years_later,
)
from dlp.home.arc.canvas import Canvas, number
from dlp.home.arc.paths import share


class Term(NamedTuple):
    x: str
    y: str
    text: str
    is_now: bool


def terms_between(first: date, last: date) -> list[tuple[str, date, date]]:
    """The terms from the first day to the last, cut at both ends, with their names."""
    found = []
    day = first
    while day <= last:
        _, end = term_bounds(day)
        found.append((term(day).capitalize(), day, min(end, last)))
        day = end + timedelta(days=1)
    return found


def term_labels(canvas: Canvas, first: date, last: date, today: date) -> list[Term]:
    """A name under the middle of each term that is wide enough for it."""
    labels = []
    for name, start, end in terms_between(first, last):
        left, right = share(start, first, last), share(end + timedelta(days=1), first, last)
        text = name if canvas.is_wide else name[:3]
        if (right - left) * canvas.span < len(text) * 7 + 4:
            continue
        x = canvas.x0 + (left + right) / 2 * canvas.span
        y = canvas.floor + canvas.line
        labels.append(Term(number(x), number(y), text, start <= today <= end))
    return labels


def year_starts(first: date, last: date) -> list[date]:
    """The first day of each year of the programme; usually two, more after a deferral."""
    starts, year = [], 0
    while (start := years_later(first, year)) <= last:
        starts.append(start)
        year += 1
    return starts


def year_labels(canvas: Canvas, first: date, last: date, today: date) -> list[Term]:
    """Year one, 2025–26: with the academic year where the two begin together."""
    starts = year_starts(first, last)
    labels = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else last + timedelta(days=1)
        left, right = share(start, first, last), share(end, first, last)
        text = year_name(index)
        if canvas.is_wide and start.month == 9:
            text = f"{text}, {academic_year_label(start)}"
        if (right - left) * canvas.span < len(text) * 6:
            continue
        x = canvas.x0 + (left + right) / 2 * canvas.span
        y = canvas.floor + canvas.year_line
        labels.append(Term(number(x), number(y), text, start <= today < end))
    return labels


def year_name(index: int) -> str:
    """Year one, counted from 0."""
    names = ("one", "two", "three", "four", "five")
    return f"Year {names[index] if index < len(names) else index + 1}"


def ticks(canvas: Canvas, first: date, last: date) -> str:
    """A long tick where a year of the programme begins, a short one at a term, the shortest at half-term."""
    long = dict.fromkeys(half_terms(first, last), 4)
    long |= {start: 9 for _, start, _ in terms_between(first, last)}
    long |= dict.fromkeys(year_starts(first, last), 22)
    return "".join(
        f"M{number(canvas.x0 + share(day, first, last) * canvas.span)} {number(canvas.floor)}"
        f"v{long[day]}"
        for day in sorted(long)
    )


def half_terms(first: date, last: date) -> list[date]:
    """The Mondays on which the second halves of terms usually begin, from the first day to the last."""
    years = range(academic_year(first), academic_year(last) + 1)
    mondays = [monday for year in years for monday in half_term_starts(year)[1::2]]
    return [monday for monday in mondays if first < monday <= last]
