"""The demonstration's schools, partnerships, openings and placements. The schools are real."""

from __future__ import annotations

from datetime import date, timedelta

from cohorts.models import Cohort, Participation
from dlp.home.demo import cast
from dlp.home.demo.cast import ARTSXCHANGE
from dlp.home.demo.people import People, noon
from placements.gias import SMALL_FILE
from placements.models import (
    Opening,
    Partnership,
    Placement,
    PlacementChange,
    Post,
    School,
    SchoolContact,
)
from placements.operations.gias import import_gias
from placements.operations.schools import add_former_name

HEADS = ("Jo Abara", "Kit Marlowe", "Nadia Rahman", "Owen Pryce", "Farah Khan", "Tess Holloway")


def add_places(people: People, cohort: Cohort, today: date) -> dict[str, School]:
    """Make the hosts partners and place the leaders; return each leader's school by name."""
    _bring_in_schools()
    placed_at = _hosts()
    schools = list({school.pk: school for school in placed_at.values()}.values())
    _agree(schools, people, cohort)
    openings = _openings(schools, cohort, placed_at)
    _place(people, cohort, placed_at, openings, today)
    _careers(people, cohort)
    return placed_at


def _bring_in_schools() -> None:
    """Real schools from our small GIAS file, and the name that staff remember one of them by."""
    with SMALL_FILE.open("rb") as file:
        import_gias(file, file_name=SMALL_FILE.name)
    add_former_name(School.objects.get(urn=ARTSXCHANGE), name="WAC Arts College")


def _hosts() -> dict[str, School]:
    """Each leader's school, as it stands in the file from GIAS."""
    schools = {s.urn: s for s in School.objects.filter(urn__in=[p.urn for p in cast.LEADERS])}
    return {leader.name: schools[leader.urn] for leader in cast.LEADERS}


def _agree(schools: list[School], people: People, cohort: Cohort) -> None:
    Partnership.objects.bulk_create(
        Partnership(
            school=school,
            state=Partnership.State.ACTIVE,
            starts_on=cohort.starts_on - timedelta(days=90),
            ends_on=cohort.ends_on + timedelta(days=30),
        )
        for school in schools
    )
    leads = {urn: people[role.name] for urn, role in cast.SCHOOL_LEADS}
    SchoolContact.objects.bulk_create(
        SchoolContact(
            school=school,
            person=leads.get(school.urn or 0),
            name="" if school.urn in leads else HEADS[n % len(HEADS)],
            email="" if school.urn in leads else cast.address(HEADS[n % len(HEADS)]),
            role=SchoolContact.Role.HOST_LEAD,
            starts_on=cohort.starts_on - timedelta(days=90),
        )
        for n, school in enumerate(schools)
    )


def _openings(
    schools: list[School], cohort: Cohort, placed_at: dict[str, School]
) -> dict[int, Opening]:
    rows = Opening.objects.bulk_create(
        Opening(
            school=school,
            cohort=cohort,
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            places=sum(1 for host in placed_at.values() if host == school),
            state=Opening.State.FILLED,
        )
        for school in schools
    )
    return {row.school_id: row for row in rows}


def _place(
    people: People,
    cohort: Cohort,
    placed_at: dict[str, School],
    openings: dict[int, Opening],
    today: date,
) -> None:
    participations = {row.person_id: row for row in Participation.objects.filter(cohort=cohort)}
    rows = Placement.objects.bulk_create(
        Placement(
            participation=participations[people[leader.name].pk],
            school=placed_at[leader.name],
            opening=openings[placed_at[leader.name].pk],
            strand=leader.strand,
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            state=_state(leader),
            host_name=placed_at[leader.name].name,
            host_setting=placed_at[leader.name].setting,
        )
        for leader in cast.LEADERS
    )
    PlacementChange.objects.bulk_create(
        change for row in rows for change in _changes(row, people, today)
    )


def _state(leader: cast.Leader) -> str:
    paused = leader.name == "Dominic Achebe"
    return Placement.State.PAUSED if paused else Placement.State.ACTIVE


def _changes(row: Placement, people: People, today: date) -> list[PlacementChange]:
    steps = [
        (Placement.State.CONFIRMED, row.starts_on - timedelta(days=80)),
        (Placement.State.ACTIVE, row.starts_on),
    ]
    if row.state == Placement.State.PAUSED:
        steps.append((Placement.State.PAUSED, today - timedelta(days=75)))
    return [
        PlacementChange(
            placement=row,
            state=state,
            effective_on=day,
            recorded_at=noon(day),
            by=people["Lena Hart"],
        )
        for state, day in steps
    ]


def _careers(people: People, cohort: Cohort) -> None:
    Post.objects.bulk_create(
        Post(
            person=people[leader.name],
            employer_name="A mainstream secondary school",
            title=leader.came_from,
            starts_on=cohort.starts_on.replace(year=cohort.starts_on.year - 4),
            ends_on=cohort.starts_on - timedelta(days=1),
        )
        for leader in cast.LEADERS
    )
