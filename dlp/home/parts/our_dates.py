"""The dates when a school's leaders are out, a term per page, and clashes with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.models import Person
from dlp import words
from dlp.calendar import is_working_day
from dlp.home import term_calendar
from dlp.home.days_out import OutRow, draw_term, out_words, row, term_title, together
from dlp.home.parts.school_lead import is_theirs, placements_of, roles_of
from dlp.home.term_calendar import TermCalendar
from placements.models import Clash, Placement, School
from training.dates_out import DayOut, days_out

BETWEEN_TERMS = timedelta(days=14)
"""A day this long after the end of a term certainly belongs to the next."""


@dataclass(frozen=True)
class LeaderOut:
    letter: str
    name: str
    said: str


@dataclass(frozen=True)
class ToldClash:
    clash: Clash
    school: str
    """Empty if the viewer leads only one school."""


@dataclass(frozen=True)
class Dates:
    term: TermCalendar
    term_title: str
    heading: str
    schools: str
    leaders: list[LeaderOut]
    rows: list[OutRow]
    """From today on."""
    past: list[OutRow]
    clashes: list[ToldClash]
    to_tell_of: list[tuple[str, str]]
    """Days to come on which somebody is out, as a form offers them: the school and the day, and words."""
    is_next: bool
    other_name: str


def page(person: Person, today: date, *, is_next: bool) -> Dates:
    """The current term, or the next."""
    name, first, last = term_calendar.school_term(today)
    next_term = term_calendar.school_term(last + BETWEEN_TERMS)
    other_name = name if is_next else next_term[0]
    if is_next:
        name, first, last = next_term
    schools = list({one.school_id: one.school for one in roles_of(person, today)}.values())
    placements = [
        one
        for one in placements_of(person, schools)
        if one.ends_on >= first and one.starts_on <= last
    ]
    people = {one.participation.person_id: one.participation.person for one in placements}
    out = [
        one
        for one in days_out(list(people), first, last)
        if is_working_day(one.day) and is_theirs(one, placements)
    ]
    counted = [one for one in out if one.counts]
    letters = term_calendar.letters_for((pk, one.name) for pk, one in people.items())
    names = {pk: one.first_name for pk, one in people.items()}
    return Dates(
        term=draw_term(counted, letters, first, last, name, today),
        term_title=term_title(name, counted),
        heading=f"The {name} term {first.year}",
        schools=", ".join(school.name for school in schools),
        leaders=[
            LeaderOut(
                letters[pk],
                one.name,
                f"{out_words([day for day in counted if day.person_id == pk])} this term",
            )
            for pk, one in people.items()
        ],
        rows=rows_of([one for one in out if one.day >= today], names, today),
        past=rows_of([one for one in out if one.day < today], names, today),
        clashes=clashes(person, schools, today),
        to_tell_of=days_to_tell_of(out, placements, names, today),
        is_next=is_next,
        other_name=other_name,
    )


def rows_of(out: list[DayOut], names: Mapping[int, str], today: date) -> list[OutRow]:
    """All of them, as a page for the wall lists them."""
    return [row(group, names, today, is_next=False) for group in together(out)]


def clashes(person: Person, schools: list[School], today: date) -> list[ToldClash]:
    """Clashes that the schools reported for days to come, with our answers."""
    named = {one.pk: one.name for one in schools} if len(schools) > 1 else {}
    known = Clash.objects.visible_to(person).filter(school__in=schools, day__gte=today)
    return [
        ToldClash(one, named.get(one.school_id, "")) for one in known.select_related("answered_by")
    ]


def days_to_tell_of(
    out: Iterable[DayOut], placements: list[Placement], names: Mapping[int, str], today: date
) -> list[tuple[str, str]]:
    """Each day of each school once, with who is out: ("7:2026-12-03", "Thu 3 December: Ada and Tom")."""
    away: dict[tuple[date, int], list[str]] = defaultdict(list)
    for one in out:
        for placement in placements:
            is_here = placement.starts_on <= one.day <= placement.ends_on
            if placement.participation.person_id == one.person_id and is_here and one.day >= today:
                away[one.day, placement.school_id].append(names[one.person_id])
    return [
        (f"{school}:{day}", f"{words.day(day)}: {words.joined(list(dict.fromkeys(who)))}")
        for (day, school), who in sorted(away.items())
    ]
