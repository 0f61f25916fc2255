"""Days that leaders are out of school, as their school reads them: pure functions over `DayOut`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dlp import words
from dlp.home import term_calendar
from dlp.home.term_calendar import TermCalendar
from dlp.words import joined
from training.dates_out import DayOut, time_out

LISTED = 8


@dataclass(frozen=True)
class OutRow:
    day: date
    title: str
    detail: str
    when: str
    """How far off it is today; left out on paper."""
    is_next: bool


def out_words(out: Collection[DayOut]) -> str:
    """out 2 days, and 4 meetings in school"""
    days, meetings = time_out(out)
    said = [f"out {words.count(days, 'day')}" if days else "not out"]
    if meetings:
        but = "and" if days else "but"
        said.append(f"{but} {words.count(meetings, 'meeting')} in school")
    return ", ".join(said)


def next_out(out: DayOut | None, today: date) -> str:
    """Tomorrow from 15:30"""
    if out is None:
        return "No day is planned"
    on = words.from_today(out.day, today=today) if (out.day - today).days < 2 else ""
    day = on.capitalize() or words.short_day(out.day, today=today)
    return f"{day}, {out.hours}"


def rows_of(ahead: Iterable[DayOut], names: Mapping[int, str], today: date) -> list[OutRow]:
    """The next days, one row for people who are out at the same time for the same thing.

    `names` has what to call each person; without a name, a row shows only the hours.
    """
    groups = together(ahead)[:LISTED]
    return [row(group, names, today, is_next=at == 0) for at, group in enumerate(groups)]


def together(out: Iterable[DayOut]) -> list[list[DayOut]]:
    """People who are out at the same time for the same thing."""
    groups: dict[tuple[object, ...], list[DayOut]] = {}
    for one in out:
        same = (one.day, one.from_time, one.until_time, one.online, one.title)
        groups.setdefault(same, []).append(one)
    return list(groups.values())


def row(group: list[DayOut], names: Mapping[int, str], today: date, *, is_next: bool) -> OutRow:
    out = group[0]
    said = ["Meeting in school" if out.in_school else out.title]
    if not out.counts:
        said.append("after the school day")
    elif out.online:
        said.append("online, needs a quiet room")
    known = [names[one.person_id] for one in group if one.person_id in names]
    shown = known if len(known) < 4 else [*known[:2], f"{len(known) - 2} more"]
    title = ", ".join(filter(None, [joined(shown), out.hours]))
    return OutRow(
        day=out.day,
        title=title[:1].upper() + title[1:],
        detail=", ".join(said),
        when=words.from_today(out.day, today=today),
        is_next=is_next,
    )


def term_title(name: str, out: Iterable[DayOut]) -> str:
    """What the drawing of the term shows, in words."""
    known = list(out)
    days = sorted({one.day for one in known if one.takes_out})
    meetings = sorted({one.day for one in known if one.in_school})
    said = f"No day out in the {name} term."
    if days:
        said = f"{words.count(len(days), 'day')} out in the {name} term: {listed(days)}."
    return f"{said} Meetings in school: {listed(meetings)}." if meetings else said


def listed(days: Iterable[date]) -> str:
    return ", ".join(words.plain_day(day) for day in days)


def draw_term(
    out: Iterable[DayOut],
    letters: Mapping[int, str],
    first: date,
    last: date,
    name: str,
    today: date,
) -> TermCalendar:
    """The term, with the initials of people who are out, and of those who meet in school."""
    away: dict[date, list[str]] = defaultdict(list)
    meeting: dict[date, list[str]] = defaultdict(list)
    for one in out:
        (meeting if one.in_school else away)[one.day].append(letters[one.person_id])
    return term_calendar.draw(first, last, name, away, meeting, today)
