"""A school lead's home: our leaders, the days they are out, and somebody to ask. Nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cohorts.models import Person
from dlp import words
from dlp.calendar import is_working_day
from dlp.home import journey, term_calendar
from dlp.home.meetings import in_words, joined
from dlp.home.term_calendar import TermCalendar
from placements.models import Placement, School, SchoolContact
from training.dates_out import DayOut, count_days, days_out

LISTED = 8
AHEAD = timedelta(days=120)
"""How far the list of days looks beyond the term, so that January is known in December."""


@dataclass(frozen=True)
class Leader:
    placement: Placement
    person: Person
    is_coming: bool
    days_this_term: str
    next_out: str


@dataclass(frozen=True)
class OutRow:
    day: date
    title: str
    detail: str
    is_next: bool


@dataclass(frozen=True)
class SchoolLeadPart:
    greeting: str
    schools: str
    heading: str
    leaders: list[Leader]
    term: TermCalendar
    term_title: str
    key: list[tuple[str, str]]
    rows: list[OutRow]
    coordinators: list[Person]


def part(person: Person, now: datetime) -> SchoolLeadPart:
    today = words.as_day(now)
    schools = schools_of(person, today)
    placements = placements_of(person, schools, today)
    name, first, last = term_calendar.school_term(today)
    people = {one.participation.person_id: one.participation.person for one in placements}
    out = [
        one
        for one in days_out(list(people), first, max(last, today + AHEAD))
        if is_working_day(one.day) and is_theirs(one, placements)
    ]
    letters = term_calendar.letters_for((pk, one.name) for pk, one in people.items())
    this_term = [one for one in out if one.counts and first <= one.day <= last]
    by_day: dict[date, list[str]] = defaultdict(list)
    for one in this_term:
        by_day[one.day].append(letters[one.person_id])
    ahead = [one for one in out if one.day >= today]
    return SchoolLeadPart(
        greeting=journey.greeting(now),
        schools=", ".join(school.name for school in schools),
        heading=heading(placements, today),
        leaders=[leader(one, this_term, ahead, today) for one in placements],
        term=term_calendar.draw(first, last, name, by_day, today),
        term_title=term_title(name, this_term),
        key=[(letters[pk], one.name) for pk, one in people.items()],
        rows=rows_of(ahead, people, today),
        coordinators=coordinators(placements),
    )


def schools_of(person: Person, today: date) -> list[School]:
    contacts = (
        SchoolContact.objects.signing_in_on(today)
        .filter(person=person)
        .select_related("school")
        .order_by("school__search_text")
    )
    return list({contact.school_id: contact.school for contact in contacts}.values())


def placements_of(person: Person, schools: list[School], today: date) -> list[Placement]:
    """The leaders who are here or will be, by name."""
    return list(
        Placement.objects.visible_to(person)
        .held()
        .filter(school__in=schools, ends_on__gte=today)
        .select_related("participation__person", "participation__cohort__coordinator", "school")
        .order_by("participation__person__search_text", "starts_on")
    )


def is_theirs(out: DayOut, placements: list[Placement]) -> bool:
    """Whether the day falls in a placement here: other days are another school's business."""
    return any(
        one.participation.person_id == out.person_id and one.starts_on <= out.day <= one.ends_on
        for one in placements
    )


def heading(placements: list[Placement], today: date) -> str:
    """Two leaders with you, one to come"""
    here = len({one.participation.person_id for one in placements if one.starts_on <= today})
    ahead = len({one.participation.person_id for one in placements if one.starts_on > today})
    if not here and not ahead:
        return "No leader is placed with you now"
    if not here:
        return f"{in_words(ahead).capitalize()} {'leader' if ahead == 1 else 'leaders'} to come"
    rest = f", {in_words(ahead)} to come" if ahead else ""
    return f"{in_words(here).capitalize()} {'leader' if here == 1 else 'leaders'} with you{rest}"


def leader(
    placement: Placement, this_term: list[DayOut], ahead: list[DayOut], today: date
) -> Leader:
    person = placement.participation.person
    days = count_days(one for one in this_term if one.person_id == person.pk)
    following = next((one for one in ahead if one.person_id == person.pk and one.counts), None)
    return Leader(
        placement=placement,
        person=person,
        is_coming=placement.starts_on > today,
        days_this_term=words.count(days, "day"),
        next_out=next_out(following, today),
    )


def next_out(out: DayOut | None, today: date) -> str:
    """Tomorrow from 15:30"""
    if out is None:
        return "No day is planned"
    on = words.from_today(out.day, today=today) if (out.day - today).days < 2 else ""
    day = on.capitalize() or words.short_day(out.day, today=today)
    return f"{day}, {hours(out)}"


def hours(out: DayOut) -> str:
    """all day, from 14:00, until 12:00, or 12:30–13:30"""
    if out.all_day:
        return "all day"
    if out.until_time == time.max:
        return f"from {out.from_time:%H:%M}"
    if out.from_time == time.min:
        return f"until {out.until_time:%H:%M}"
    return f"{out.from_time:%H:%M}{words.EN_DASH}{out.until_time:%H:%M}"


def rows_of(ahead: list[DayOut], people: dict[int, Person], today: date) -> list[OutRow]:
    """The days to come, one row where several are out at the same time for the same thing."""
    together: dict[tuple[object, ...], list[DayOut]] = {}
    for one in ahead:
        same = (one.day, one.from_time, one.until_time, one.online, one.title)
        together.setdefault(same, []).append(one)
    groups = list(together.values())[:LISTED]
    following = next((group for group in groups if group[0].counts), None)
    return [row(group, people, today, is_next=group is following) for group in groups]


def row(group: list[DayOut], people: dict[int, Person], today: date, *, is_next: bool) -> OutRow:
    out = group[0]
    said = [out.title]
    if not out.counts:
        said.append("after the school day")
    elif out.online:
        said.append("online, needs a quiet room")
    said.append(words.from_today(out.day, today=today))
    names = [people[one.person_id].first_name for one in group]
    shown = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
    return OutRow(
        day=out.day,
        title=f"{joined(shown)}, {hours(out)}",
        detail=f"{', '.join(said)}.",
        is_next=is_next,
    )


def term_title(name: str, out: list[DayOut]) -> str:
    """What the drawing of the term says."""
    days = sorted({one.day for one in out})
    if not days:
        return f"No day out in the {name} term."
    listed = ", ".join(words.plain_day(day) for day in days)
    return f"{words.count(len(days), 'day')} out in the {name} term: {listed}."


def coordinators(placements: list[Placement]) -> list[Person]:
    """Who answers for these cohorts, each once."""
    cohorts = [one.participation.cohort for one in placements]
    return list(
        {one.coordinator_id: one.coordinator for one in cohorts if one.coordinator}.values()
    )
