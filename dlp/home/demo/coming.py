"""The cohort of next September: who has accepted, which posts are open, and what staff think.

Nobody is placed yet, so this is where the demonstration shows how people and posts are matched.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Model

from cohorts.models import Cohort, Participation, ParticipationChange, Person, PlanItem
from cohorts.models.cohorts import default_end
from cohorts.models.strands import Strand
from cohorts.operations.plans import lay_out
from dlp.calendar import academic_year
from dlp.home.demo import cast
from dlp.home.demo.clock import noon
from dlp.home.demo.people import Cohorts, People, new_person
from dlp.home.demo.places import Hosts
from placements.models import ConflictOfInterest, Opening, Pencil, Post, TravelTime

Phase, Travel = Person.Phase, Person.Travel
TEACHING, WELLBEING = Strand.TEACHING_AND_LEARNING, Strand.WELLBEING_AND_SAFEGUARDING
SAID_YES = timedelta(days=24)
PENCILLED = timedelta(days=5)
TAKEN_BACK = timedelta(days=2)
COURTYARD, LIGHTHOUSE, PIONEER_HOUSE = 139418, 138380, 142893


class Coming(NamedTuple):
    """Somebody of next September's cohort: where they live and what they said about themselves."""

    name: str
    pronouns: str
    home: tuple[str, int | None, int | None]
    travels_by: str
    longest_journey: int | None
    phase: str
    subject: str
    strand: str
    came_from: tuple[str, int]
    """The post they hold, and the URN of the school."""


class Offered(NamedTuple):
    urn: int
    strand: str
    subjects: str
    phase: str = Phase.SECONDARY
    state: str = Opening.State.OPEN


COMING = (
    Coming(
        "Zainab Rahimi", "she/her", ("N7 0", 530_098, 185_624), Travel.PUBLIC_TRANSPORT, 45,
        Phase.SECONDARY, "English", TEACHING, ("Head of English", 100741),
    ),
    Coming(
        "Oliver Prentice", "he/him", ("SE15 3", 534_881, 175_748), Travel.PUBLIC_TRANSPORT, 60,
        Phase.SECONDARY, "Mathematics", TEACHING, ("Second in Mathematics", 102156),
    ),
    Coming(
        "Tanisha Reid", "she/her", ("E17 5", 536_782, 190_235), Travel.CAR, 40,
        Phase.PRIMARY, "", WELLBEING, ("Year 6 teacher and phase lead", 137442),
    ),
    Coming(
        "Liam Corcoran", "he/him", ("M14 5", 385_516, 395_208), Travel.CAR, 45,
        Phase.SECONDARY, "Science", TEACHING, ("Head of Year 9", 105253),
    ),
    Coming(
        "Farzana Begum", "she/her", ("LS8 4", 431_815, 435_923), "", 60,
        Phase.SECONDARY, "History", WELLBEING, ("Pastoral lead", 137801),
    ),
    Coming(
        "Hugo Ferreira", "he/they", ("", None, None), "", None,
        "", "", "", ("Head of House", 145897),
    ),
)  # fmt: skip
OFFERED = (
    Offered(cast.ARTSXCHANGE, TEACHING, "English, mathematics"),
    Offered(cast.BEACHCROFT, WELLBEING, ""),
    Offered(COURTYARD, WELLBEING, "", Phase.POST_16),
    Offered(PIONEER_HOUSE, TEACHING, "Science"),
    Offered(LIGHTHOUSE, WELLBEING, "", state=Opening.State.WITHDRAWN),
)
THOUGHTS = (
    ("Zainab Rahimi", cast.ARTSXCHANGE, cast.COORDINATOR, "She asked for a school of the arts.", ""),
    ("Zainab Rahimi", cast.ARTSXCHANGE, cast.PROGRAMME_LEAD, "", ""),
    ("Oliver Prentice", cast.ARTSXCHANGE, cast.PROGRAMME_LEAD, "If Zainab goes elsewhere.", ""),
    (
        "Tanisha Reid", cast.BEACHCROFT, cast.COORDINATOR, "",
        "The school wants somebody who knows how Year 7 arrives.",
    ),
    ("Farzana Begum", LIGHTHOUSE, cast.COORDINATOR, "", ""),
)  # fmt: skip
"""Who is pencilled for which host, by whom, with which note and which reason."""


def bring_in_the_next(hosts: Hosts, people: People, cohorts: Cohorts, today: date) -> None:
    """After everybody's history: what is written here has its own days."""
    lena = people[cast.COORDINATOR]
    cohort = _cohort(max(cohorts.values(), key=lambda one: one.starts_on), lena, today)
    said_on = today - SAID_YES
    times = _take_in(cohort, lena, said_on)
    openings = Opening.objects.bulk_create(_opening(one, hosts, cohort, today) for one in OFFERED)
    posts = Post.objects.bulk_create(
        _post(one, times[one.name].person, hosts, today) for one in COMING
    )
    thoughts = _think(
        times, dict(zip((one.urn for one in OFFERED), openings, strict=True)), people, today
    )
    known = _what_staff_know(times, hosts, lena, today)
    thought_at = noon(today - PENCILLED)
    _date(openings, noon(said_on))
    _date(posts, noon(said_on))
    _date([*thoughts, *known], thought_at)


def _cohort(newest: Cohort, coordinator: Person, today: date) -> Cohort:
    year = academic_year(today) + 1
    starts_on = date(year, 9, 1)
    colours = list(Cohort.Colour)
    cohort = Cohort.objects.create(
        name=f"{year} Cohort",
        starts_on=starts_on,
        ends_on=default_end(starts_on),
        target_size=len(COMING) + 2,
        colour=colours[(colours.index(Cohort.Colour(newest.colour)) + 1) % len(colours)],
        coordinator=coordinator,
        plan_template=newest.plan_template,
    )
    _date([cohort], noon(today - 2 * SAID_YES))
    return cohort


def _take_in(cohort: Cohort, by: Person, said_on: date) -> dict[str, Participation]:
    """Their records, that they said yes, and the plan that was laid out for them then."""
    persons = Person.objects.bulk_create(_person(one, said_on) for one in COMING)
    times = Participation.objects.bulk_create(
        Participation(
            person=person,
            cohort=cohort,
            state=Participation.State.ACCEPTED,
            starts_on=cohort.starts_on,
            expected_end_on=cohort.ends_on,
        )
        for person in persons
    )
    ParticipationChange.objects.bulk_create(
        ParticipationChange(
            participation=time,
            kind=ParticipationChange.Kind.ACCEPTED,
            effective_on=said_on,
            recorded_at=noon(said_on),
            by=by,
        )
        for time in times
    )
    lay_out([time.pk for time in times])
    items = PlanItem.objects.filter(participation__in=times)
    _date([*persons, *times, *items], noon(said_on))
    return {time.person.full_name: time for time in times}


def _person(one: Coming, said_on: date) -> Person:
    person = new_person(one.name, said_on, said_on + timedelta(days=9))
    person.pronouns = one.pronouns
    person.home_sector, person.home_easting, person.home_northing = one.home
    person.travels_by, person.longest_journey = one.travels_by, one.longest_journey
    person.phase, person.subject, person.strand = one.phase, one.subject, one.strand
    return person


def _opening(one: Offered, hosts: Hosts, cohort: Cohort, today: date) -> Opening:
    is_withdrawn = one.state == Opening.State.WITHDRAWN
    return Opening(
        school=hosts[one.urn],
        cohort=cohort,
        strand=one.strand,
        phase_served=one.phase,
        subjects=one.subjects,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        state=one.state,
        withdrawn_on=today - TAKEN_BACK if is_withdrawn else None,
        withdrawn_by_school=is_withdrawn,
        essentials="Has led a department, a key stage or a year group.",
    )


def _post(one: Coming, person: Person, hosts: Hosts, today: date) -> Post:
    """What they do until they come."""
    title, urn = one.came_from
    return Post(
        person=person,
        school=hosts[urn],
        title=title,
        level=Post.Level.MIDDLE_LEADER,
        starts_on=date(academic_year(today) - 3, 9, 1),
        source=Post.Source.IMPORT,
    )


def _think(
    times: dict[str, Participation], openings: dict[int, Opening], people: People, today: date
) -> list[Pencil]:
    return Pencil.objects.bulk_create(
        Pencil(
            opening=openings[urn],
            participation=times[name],
            made_by=people[by],
            made_at=noon(today - PENCILLED),
            expires_on=today + timedelta(days=9 + place),
            note=note,
            override_reason=reason,
        )
        for place, (name, urn, by, note, reason) in enumerate(THOUGHTS)
    )


def _what_staff_know(
    times: dict[str, Participation], hosts: Hosts, by: Person, today: date
) -> list[Model]:
    """A journey that the estimate gets wrong, and a conflict of interest."""
    oliver, tanisha = times["Oliver Prentice"].person, times["Tanisha Reid"].person
    journey = TravelTime(
        person=oliver,
        school=hosts[cast.ARTSXCHANGE],
        mode=Travel.PUBLIC_TRANSPORT,
        minutes=55,
        home_sector=oliver.home_sector,
        said_on=today - PENCILLED,
        said_by=by,
    )
    conflict = ConflictOfInterest(
        person=tanisha,
        school=hosts[COURTYARD],
        note_private="Her sister is on the leadership team.",
        said_at=noon(today - PENCILLED),
        said_by=by,
    )
    return [
        *TravelTime.objects.bulk_create([journey]),
        *ConflictOfInterest.objects.bulk_create([conflict]),
    ]


def _date(rows: Iterable[Model], at: datetime) -> None:
    """Move the first history event of each of these rows to when it was written."""
    keys: dict[type[Model], list[object]] = {}
    for row in rows:
        keys.setdefault(type(row), []).append(row.pk)
    for model, pks in keys.items():
        event = model.events.rel.related_model  # type: ignore[attr-defined]
        event._default_manager.filter(pgh_obj__in=pks).update(pgh_created_at=at)
