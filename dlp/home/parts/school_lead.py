"""A school lead's home: our leaders, the days they are out, and whom to ask. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models.functions import JSONObject
from django.utils import timezone

from cohorts.models import Person
from dlp import words
from dlp.calendar import is_working_day
from dlp.home import journey, term_calendar
from dlp.home.days_out import OutRow, draw_term, next_out, out_words, rows_of, term_title
from dlp.home.parts import reviews
from dlp.home.parts.asked_about_people import (
    asked_about_people,
    with_checks_left,
    with_offers,
)
from dlp.home.parts.asked_of_school import Asked, asked_of, with_what_is_asked
from dlp.home.parts.reviews import DueReview
from dlp.home.term_calendar import TermCalendar
from dlp.prepared import SOMEBODY, SOMETHING, Prepared
from dlp.words import in_words
from placements.models import Placement, School, SchoolContact
from training import safeguarding
from training.certificates.standing import Training, training_on
from training.dates_out import DayOut, days_out

PAST = 20
"""Leaders of earlier years who are listed, the latest first."""
AHEAD = timedelta(days=120)
"""How far the list of days looks beyond the term, so that January is known in December."""


@dataclass(frozen=True)
class Leader:
    placement: Placement
    person: Person
    is_coming: bool
    this_term: str
    next_out: str
    training: Training
    """As a safeguarding lead: how it stands, and nothing of the certificate (R-PLC-05)."""


@dataclass(frozen=True)
class SchoolLeadPart:
    greeting: str
    schools: str
    at: list[School]
    heading: str
    leaders: list[Leader]
    reviews: list[DueReview]
    asked: list[Asked]
    past: list[Placement]
    term: TermCalendar
    term_title: str
    key: list[tuple[str, str]]
    rows: list[OutRow]
    coordinators: list[Person]


def part(person: Person, now: datetime) -> SchoolLeadPart:
    today = words.as_day(now)
    roles = roles_of(person, today)
    schools = list({one.school_id: one.school for one in roles}.values())
    host_led = {one.school_id for one in roles if one.role == SchoolContact.Role.HOST_LEAD}
    known = placements_of(person, schools)
    placements = [one for one in known if one.ends_on >= today]
    past = sorted((one for one in known if one.ends_on < today), key=lambda one: one.ends_on)
    name, first, last = term_calendar.school_term(today)
    people = {one.participation.person_id: one.participation.person for one in placements}
    out = [
        one
        for one in days_out(list(people), first, max(last, today + AHEAD))
        if is_working_day(one.day) and is_theirs(one, placements)
    ]
    letters = term_calendar.letters_for((pk, one.name) for pk, one in people.items())
    this_term = [one for one in out if one.counts and first <= one.day <= last]
    ahead = [one for one in out if one.day >= today]
    return SchoolLeadPart(
        greeting=journey.greeting(now),
        schools=", ".join(school.name for school in schools),
        at=schools,
        heading=heading(placements, today),
        leaders=[leader(one, this_term, ahead, today) for one in placements],
        reviews=reviews.of_school(placements, host_led, today),
        asked=[
            *asked_about_people(person, roles, placements),
            *asked_of(roles, {one.school_id for one in placements}, today),
        ],
        past=past[::-1][:PAST],
        term=draw_term(this_term, letters, first, last, name, today),
        term_title=term_title(name, this_term),
        key=[(letters[pk], one.name) for pk, one in people.items()],
        rows=rows_of(ahead, {pk: one.first_name for pk, one in people.items()}, today),
        coordinators=coordinators(placements),
    )


def roles_of(person: Person, today: date) -> list[SchoolContact]:
    """Their roles by school, in order of name, with what they are asked there."""
    return _roles_on(today).models({SOMEBODY: person.pk})


@lru_cache(maxsize=2)
def _roles_on(day: date) -> Prepared:
    contacts = SchoolContact.objects.signing_in_on(day).filter(person=SOMEBODY)
    known = contacts.select_related("school").order_by("school__search_text", "pk")
    return Prepared(with_offers(with_what_is_asked(known, day)))


def placements_of(person: Person, schools: list[School]) -> list[Placement]:
    """Past, current and future leaders here, by name."""
    known = {one.pk: one for one in schools}
    here = _placed_on(timezone.localdate())
    placements = here.models({SOMEBODY: person.pk, SOMETHING: list(known)}) if known else []
    for one in placements:
        one.school = known[one.school_id]
    return placements


@lru_cache(maxsize=2)
def _placed_on(day: date) -> Prepared:
    """The placements that a school lead may see on this day, as a prepared query."""
    seen = Placement.objects.visible_to(Person(pk=SOMEBODY))
    return Prepared(
        with_checks_left(seen.held().filter(school__in=[SOMETHING]))
        .select_related("participation__person", "participation__cohort__coordinator")
        .annotate(safeguarding=JSONObject(**safeguarding.facts("participation__person")))
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
    out = [one for one in this_term if one.person_id == person.pk]
    following = next((one for one in ahead if one.person_id == person.pk and one.takes_out), None)
    return Leader(
        placement=placement,
        person=person,
        is_coming=placement.starts_on > today,
        this_term=out_words(out),
        next_out=next_out(following, today),
        training=training_on(today, *safeguarding.told(placement.safeguarding)),  # type: ignore[attr-defined]
    )


def coordinators(placements: list[Placement]) -> list[Person]:
    """The coordinators of these cohorts, each once."""
    cohorts = [one.participation.cohort for one in placements]
    return list(
        {one.coordinator_id: one.coordinator for one in cohorts if one.coordinator}.values()
    )
