"""The facts of any number of people and posts, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from cohorts.models import Participation
from cohorts.models.participations import ParticipationQuerySet
from cohorts.models.people import listed_name
from cohorts.places import Place
from dlp.words import count, plain_day
from placements.matching.facts import Between, Candidate, Job, Seat, Stay
from placements.matching.travel import Figure, mode_of
from placements.models import ConflictOfInterest, Opening, Placement, Post, TravelTime
from placements.models.openings import OpeningQuerySet
from placements.operations.capacity import full_day_of
from placements.operations.openings import why_not_open

OF_CANDIDATE = (
    "pk", "person_id", "cohort_id", "state", "starts_on", "person__full_name", "person__known_as",
    "person__home_easting", "person__home_northing", "person__home_sector", "person__travels_by",
    "person__longest_journey", "person__phase", "person__subject", "person__strand",
)  # fmt: skip


def candidates_of(participations: ParticipationQuerySet) -> list[Candidate]:
    """With where each is or was placed, and the posts they held. Three queries."""
    rows = list(participations.order_by("person__search_text", "pk").values_list(*OF_CANDIDATE))
    people = {row[1] for row in rows}
    stays, jobs = _stays_of(people), _jobs_of(people)
    return [_candidate(row, stays[row[1]], jobs[row[1]]) for row in rows]


def _candidate(row: tuple, stays: list[Stay], jobs: list[Job]) -> Candidate:
    pk, person_id, cohort_id, state, starts_on, full_name, known_as, east, north, *said = row
    sector, travels_by, longest_journey, phase, subject, strand = said
    is_expected = state in Participation.EXPECTED_STATES
    return Candidate(
        pk=pk,
        person_id=person_id,
        name=listed_name(full_name, known_as),
        cohort_id=cohort_id,
        not_now="" if is_expected else Participation.State(state).label,
        starts_on=starts_on,
        home=_place(east, north),
        home_sector=sector,
        travels_by=travels_by,
        longest_journey=longest_journey,
        phase=phase,
        subject=subject,
        strand=strand,
        stays=tuple(stays),
        jobs=tuple(jobs),
    )


def _stays_of(people: Collection[int]) -> dict[int, list[Stay]]:
    """The current and past placements of each, the latest first."""
    rows = (
        Placement.objects.held()
        .filter(participation__person__in=people)
        .values_list(
            "participation__person_id", "school_id", "school__name", "starts_on", "ends_on"
        )
    )
    found: dict[int, list[Stay]] = defaultdict(list)
    for person_id, school_id, host, first, last in rows.order_by("-ends_on", "pk"):
        found[person_id].append(Stay(school_id, host, first, last))
    return found


def _jobs_of(people: Collection[int]) -> dict[int, list[Job]]:
    rows = Post.objects.filter(person__in=people).order_by("-starts_on", "pk")
    found: dict[int, list[Job]] = defaultdict(list)
    told = rows.values_list("person_id", "school_id", "employer_name", "title", "ends_on")
    for person_id, school_id, employer, title, ends_on in told:
        found[person_id].append(Job(school_id, employer, title, ends_on))
    return found


def _place(easting: int | None, northing: int | None) -> Place | None:
    if easting is None or northing is None:
        return None
    return Place(easting, northing)


def seats_of(openings: OpeningQuerySet, today: date) -> list[Seat]:
    """With what stands in everybody's way. One query."""
    held = Placement.objects.held().order_by()
    at_school = held.filter(school=OuterRef("school")).values(
        stay=JSONObject(first="starts_on", last="ends_on")
    )
    in_it = held.filter(opening=OuterRef("pk")).values("opening").annotate(number=Count("pk"))
    found = openings.for_display().annotate(
        taken=Coalesce(Subquery(in_it.values("number")), 0), hosted=ArraySubquery(at_school)
    )
    return [_seat(one, today) for one in found]


def _seat(opening: Any, today: date) -> Seat:
    school = opening.school
    return Seat(
        pk=opening.pk,
        school_id=school.pk,
        parent_id=school.parent_id,
        school=school.name,
        role=opening.get_role_title_display(),
        cohort_id=opening.cohort_id,
        cohort=opening.cohort.name,
        starts_on=opening.starts_on,
        ends_on=opening.ends_on,
        place=_place(school.easting, school.northing),
        phase=opening.phase_served,
        subjects=opening.subjects,
        strand=opening.strand,
        places=opening.places,
        taken=opening.taken,
        shut=why_shut(opening, today),
    )


def why_shut(opening: Any, today: date) -> str:
    """Why nobody can take a post, in words; empty if it is open. Needs the facts of `seats_of`."""
    taken, first, last = opening.taken, opening.starts_on, opening.ends_on
    most = opening.school.hosts_at_once
    if opening.state in (Opening.State.DRAFT, Opening.State.WITHDRAWN):
        return f"The opening is {opening.get_state_display().lower()}"
    if taken >= opening.places:
        return f"{count(opening.places, 'place')}, and {taken} taken"
    if last < today:
        return f"The opening ended on {plain_day(last)}"
    if why := why_not_open(opening.school, max(first, today)):
        return why
    if most is not None and (day := full_day_of(_days(opening.hosted), most, first, last)):
        return f"The school hosts {most} at once, and has as many on {plain_day(day)}"
    return ""


def _days(stays: Iterable[dict[str, str]]) -> list[tuple[date, date]]:
    return [(date.fromisoformat(one["first"]), date.fromisoformat(one["last"])) for one in stays]


def between(
    candidates: Iterable[Candidate], seats: Iterable[Seat]
) -> dict[tuple[int, int], Between]:
    """What is known about these people and schools, by person and school. Two queries."""
    modes = {one.person_id: (mode_of(one.travels_by), one.home_sector) for one in candidates}
    schools = {one.school_id for one in seats}
    known: dict[tuple[int, int], Between] = {}
    for pair in (
        ConflictOfInterest.objects.in_force()
        .filter(person__in=modes, school__in=schools)
        .values_list("person_id", "school_id")
    ):
        known[pair] = Between(is_conflict=True)
    figures = TravelTime.objects.filter(person__in=modes, school__in=schools)
    for said in figures.select_related("said_by"):
        if modes[said.person_id] == (said.mode, said.home_sector):
            pair = (said.person_id, said.school_id)
            figure = Figure(said.minutes, said.said_on, said.said_by.name)
            known[pair] = known.get(pair, Between())._replace(figure=figure)
    return known
