"""Host schools with agreements and placements, and schools without leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.models import Cohort, Participation, Person
from dlp.bench.filling.people import People
from dlp.bench.filling.rows import Rows
from dlp.bench.filling.scene import Scene
from dlp.calendar import years_later
from placements.models import (
    LocalAuthority,
    Opening,
    Partnership,
    Placement,
    PlacementChange,
    Post,
    School,
    SchoolContact,
    Setting,
)

TOWNS = ("Camden", "Luton", "Barnsley", "Walsall", "Margate", "Whitby", "Truro", "Derby", "Hexham")
KINDS = ("Academy", "High School", "Primary School", "Bridge Centre")
LISTED = 500
PARTNER_EVERY, ENDS_SOON_EVERY = 8, 20
"""Of the listed schools, so that the list of partners and the desk are full at every size."""
DAY = timedelta(days=1)

State = Placement.State


@dataclass(frozen=True)
class Host:
    school: School
    opening: Opening


def add_listed_schools(rows: Rows, today: date) -> None:
    authority = rows.add(LocalAuthority(code="202", name="Camden", region=Cohort.Region.LONDON))
    for number in range(LISTED):
        town = TOWNS[number % len(TOWNS)]
        school = School(
            name=f"{town} {KINDS[number % len(KINDS)]} {number}",
            urn=100_000 + number,
            setting=Setting.MAINSTREAM,
            local_authority=authority,
            town=town,
            postcode=f"NW{number % 20 + 1} {number % 9}AA",
            region=Cohort.Region.LONDON,
        )
        school.search_text = school.folded()
        rows.add(school)
        if number % PARTNER_EVERY == 0:
            rows.add(agreement(school, today, ends_soon=number % ENDS_SOON_EVERY == 0))


def agreement(school: School, today: date, *, ends_soon: bool) -> Partnership:
    return Partnership(
        school=school,
        state=Partnership.State.ACTIVE,
        starts_on=today - timedelta(days=1_600),
        ends_on=today + timedelta(days=60) if ends_soon else None,
    )


def add_placements(scene: Scene, people: People, participations: list[Participation]) -> None:
    """Each leader is a year at one school and a year at the next."""
    hosts = [add_host(scene, people.cohort, lead, index) for index, lead in enumerate(people.hosts)]
    for index, participation in enumerate(participations):
        first, second = hosts[index % len(hosts)], hosts[(index + 1) % len(hosts)]
        middle = years_later(scene.starts_on, 1)
        left_on = participation.held_to
        if participation.state == Participation.State.WITHDRAWN and left_on:
            add_placement(scene, participation, first, scene.starts_on, min(middle, left_on))
        else:
            add_placement(scene, participation, first, scene.starts_on, middle - DAY)
            add_placement(scene, participation, second, middle, scene.ends_on)
        scene.rows.add(
            Post(
                person=participation.person,
                school=first.school,
                title="Head of Year",
                starts_on=scene.starts_on - timedelta(days=900),
                ends_on=scene.starts_on - DAY,
            )
        )


def add_host(scene: Scene, cohort: Cohort, lead: Person, index: int) -> Host:
    """A partner school with a head, a lead who signs in, and a post for this cohort."""
    number = scene.number * 40 + index
    ends_soon = scene.is_cast or number % 200 == 0
    school = School(
        name=f"Harbour Lane {number}",
        urn=200_000 + number,
        setting=Setting.ALTERNATIVE_PROVISION,
        town="Leeds",
        postcode=f"LS{number % 28 + 1} {number % 9}AB",
        latitude=51.0 + number % 400 / 100,
        longitude=-2.5 + number % 240 / 100,
        region=Cohort.Region.YORKSHIRE,
    )
    school.search_text = school.folded()
    rows = scene.rows
    rows.add(school)
    rows.add(SchoolContact(school=school, person=lead, role=SchoolContact.Role.HOST_LEAD))
    rows.add(SchoolContact(school=school, name="Pat Lowe", role=SchoolContact.Role.HEAD))
    rows.add(agreement(school, scene.today, ends_soon=ends_soon))
    opening = Opening(
        school=school,
        cohort=cohort,
        starts_on=scene.starts_on,
        ends_on=scene.ends_on,
        places=6,
        state=Opening.State.FILLED,
    )
    return Host(school, rows.add(opening))


def add_placement(
    scene: Scene, participation: Participation, host: Host, starts_on: date, ends_on: date
) -> None:
    state = state_on(scene.today, participation, starts_on, ends_on)
    placement = scene.rows.add(
        Placement(
            participation=participation,
            school=host.school,
            opening=host.opening,
            starts_on=starts_on,
            ends_on=ends_on,
            state=state,
            host_name=host.school.name,
            host_setting=host.school.setting,
        )
    )
    steps = [(State.ACCEPTED, starts_on - 40 * DAY), (State.CONFIRMED, starts_on - 20 * DAY)]
    if state != State.CONFIRMED:
        steps.append((State.ACTIVE, starts_on))
    if state not in (State.CONFIRMED, State.ACTIVE):
        steps.append((state, ends_on))
    recorded_at = scene.at(starts_on - 40 * DAY)
    for step, effective_on in steps:
        recorded_at = max(recorded_at, scene.at(effective_on))
        if scene.is_cast and step == State.ACTIVE == state:
            recorded_at = scene.lately
        scene.rows.add(
            PlacementChange(
                placement=placement,
                state=step,
                effective_on=effective_on,
                recorded_at=recorded_at,
                reason="leader" if step == State.ENDED_EARLY else "",
            )
        )


def state_on(
    today: date, participation: Participation, starts_on: date, ends_on: date
) -> Placement.State:
    if participation.state == Participation.State.WITHDRAWN:
        return State.ENDED_EARLY
    if starts_on > today:
        return State.CONFIRMED
    if ends_on < today:
        return State.COMPLETED
    is_away = participation.state == Participation.State.DEFERRED
    return State.PAUSED if is_away else State.ACTIVE
