"""A term drawn as weeks by days, with the days leaders are out or in meetings: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dlp.calendar import bank_holidays, term, term_bounds

WIDTH = 330
LEFT = 38
TOP = 24
PITCH = 23
TALL = 19
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class Cell(NamedTuple):
    """A day: in school, a bank holiday, today, or with initials of people out or in meetings."""

    x: str
    y: int
    text_x: str
    text_y: int
    letters: str
    state: str
    """plain, holiday, meeting, out"""
    is_today: bool


class Head(NamedTuple):
    x: str
    text: str


class TermCalendar(NamedTuple):
    first: date
    last: date
    name: str
    cell_width: str
    cells: list[Cell]
    months: list[Head]
    days: list[tuple[int, str]]
    height: int

    @property
    def states(self) -> set[str]:
        """What there is to explain."""
        return {one.state for one in self.cells}


def school_term(day: date) -> tuple[str, date, date]:
    """The school term of a day, or the next one in the holidays, by the usual calendar.

    Autumn ends on 20 December and summer on 25 July; the weeks after belong to the next term.
    """
    if day.month == 12 and day.day > 20:
        day = date(day.year + 1, 1, 1)
    if (day.month == 7 and day.day > 25) or day.month == 8:
        day = date(day.year, 9, 1)
    first, last = term_bounds(day)
    name = term(day)
    if name == "autumn":
        last = date(last.year, 12, 20)
    if name == "summer":
        last = date(last.year, 7, 25)
    return name, first, last


def first_monday(day: date) -> date:
    """The first Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % 7)


def week_of_term(day: date) -> int | None:
    """Week 1 begins on the term's first Monday; None before it and in the holidays."""
    _, first, last = school_term(day)
    start = first_monday(first)
    if not start <= day <= last:
        return None
    return (day - start).days // 7 + 1


def week_words(day: date) -> str:
    """Week 12 of the autumn term"""
    name, first, _ = school_term(day)
    week = week_of_term(day)
    if week is None:
        start = first_monday(first)
        return f"The {name} term begins on {start:%-d %B}" if day < start else "Between terms"
    return f"Week {week} of the {name} term"


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of every week with a day between the two, both included."""
    start = first - timedelta(days=first.weekday())
    if first.weekday() > 4:
        start += timedelta(days=7)
    return [start + timedelta(days=7 * week) for week in range((last - start).days // 7 + 1)]


def letters_for(names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """A letter for each person: the first of the name, two if shared, else numbered."""
    known = dict(names)
    firsts = Counter(name[:1].upper() for name in known.values())
    letters = {}
    for person_id, name in known.items():
        letter, parts = name[:1].upper(), name.split()
        shared = firsts[letter] > 1 and len(parts) > 1
        letters[person_id] = letter + parts[-1][:1].lower() if shared else letter
    alike = Counter(letters.values())
    return {
        person_id: letter if alike[letter] == 1 else f"{letter[:1]}{number}"
        for number, (person_id, letter) in enumerate(letters.items(), 1)
    }


def cell(x: float, row: int, width: float, letters: str, state: str, *, is_today: bool) -> Cell:
    y = TOP + row * PITCH
    return Cell(f"{x:.1f}", y, f"{x + width / 2:.1f}", y + 14, letters, state, is_today)


def draw(
    first: date,
    last: date,
    name: str,
    out: Mapping[date, Iterable[str]],
    meeting: Mapping[date, Iterable[str]],
    today: date,
) -> TermCalendar:
    """Draw the term; `out` and `meeting` have letters by day, several of which become a number."""
    weeks = mondays(first, last)
    pitch = min((WIDTH - LEFT) / len(weeks), 24.3)
    width = pitch - 3.5
    holidays = bank_holidays()
    cells: list[Cell] = []
    months: list[Head] = []
    for index, monday in enumerate(weeks):
        x = LEFT + index * pitch
        friday = monday + timedelta(days=4)
        if not months or friday.strftime("%b") != months[-1].text:
            months.append(Head(f"{x:.1f}", f"{friday:%b}"))
        for row in range(5):
            day = monday + timedelta(days=row)
            if first <= day <= last:
                letters = {*out.get(day, ()), *meeting.get(day, ())}
                shown = min(letters) if len(letters) == 1 else str(len(letters) or "")
                plain = "holiday" if day in holidays else "plain"
                state = "out" if day in out else "meeting" if day in meeting else plain
                cells.append(cell(x, row, width, shown, state, is_today=day == today))
    return TermCalendar(
        first=first,
        last=last,
        name=name,
        cell_width=f"{width:.1f}",
        cells=cells,
        months=months,
        days=[(TOP + row * PITCH + 15, label) for row, label in enumerate(WEEKDAYS)],
        height=TOP + 5 * PITCH + 6,
    )
