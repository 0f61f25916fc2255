"""The people around a cohort, and each leader's time in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.contrib.auth.hashers import make_password

from cohorts.models import Cohort, Completion, Participation, ParticipationChange, Person
from cohorts.models.cohorts import default_end
from dlp.bench.filling.scene import Scene
from dlp.home.models import Look

FIRST = (
    "Ada", "Amara", "Ben", "Carys", "Dele", "Elin", "Farah", "Grace", "Hanif", "Ines", "Joel",
    "Kofi", "Leah", "Mina", "Noor", "Owen", "Priya", "Rosa", "Sam", "Tom", "Uma", "Wes", "Zoë",
    "Alma", "Bilal", "Bronwen", "Callum", "Daisy", "Efe", "Freya", "Gareth", "Hana", "Ivo", "Jess",
    "Kemi", "Liam", "Maeve", "Nia", "Oscar", "Petra", "Rhys", "Sadia", "Theo", "Una", "Vera",
    "Will", "Yasmin", "Zak", "Anwen", "Bea", "Conor", "Dina", "Esme", "Fergus",
)  # fmt: skip
"""More than a page shows: a family fills one at every size."""
FAMILY = (
    "Achebe", "Bennett", "Castellano", "Dunmore", "Eastwood", "Fitzroy", "Gallagher", "Hollis",
    "Iqbal", "Jankowski", "Kirkbride", "Lindqvist", "Marchetti", "Nwosu", "Ormerod", "Pemberton",
    "Quartey", "Rutherford", "Sandoval", "Thackeray", "Underhill", "Venkataraman", "Whitlock",
)  # fmt: skip
EARLIER = 20
NO_PASSWORD = make_password(None)

State = Participation.State
Kind = ParticipationChange.Kind


@dataclass(frozen=True)
class People:
    """Who stands around one cohort. The first has the programme's coordinator and a facilitator."""

    cohort: Cohort
    facilitator: Person | None
    supervisor: Person
    hosts: list[Person]
    leaders: list[Person]


def add_people(scene: Scene, numbers: range) -> People:
    """A supervisor, a host lead to every six leaders, and the leaders."""
    waiting = iter(numbers)
    coordinator = add_person(scene, next(waiting), "coordinator") if scene.is_cast else None
    facilitator = add_person(scene, next(waiting), "facilitator") if scene.is_cast else None
    supervisor = add_person(scene, next(waiting), "supervisor")
    hosts = list(islice(waiting, max(len(numbers) // 7, 1)))
    return People(
        cohort=add_cohort(scene, coordinator),
        facilitator=facilitator,
        supervisor=supervisor,
        hosts=[add_person(scene, number, "host") for number in hosts],
        leaders=[add_person(scene, number, "leader") for number in waiting],
    )


def add_person(scene: Scene, number: int, role: str) -> Person:
    added_at = scene.at(scene.starts_on - timedelta(days=60))
    signed_in = scene.now - timedelta(days=number % 40, hours=1)
    person = Person(
        full_name=f"{FIRST[number % len(FIRST)]} {FAMILY[number // len(FIRST) % len(FAMILY)]}",
        email=f"{role}{number}@example.org",
        trn=str(1_000_000 + number),
        password=NO_PASSWORD,
        is_staff=role == "coordinator",
        added_at=added_at,
        invited_at=max(added_at, scene.at(scene.starts_on - timedelta(days=30))),
        last_login=None if number % 25 == 24 else signed_in,
    )
    person.tidy()
    scene.rows.add(Look(person=person, looked_at=scene.now - timedelta(days=7)))
    return scene.rows.add(person)


def add_cohort(scene: Scene, coordinator: Person | None) -> Cohort:
    return scene.rows.add(
        Cohort(
            name=f"Cohort {scene.number + 1}",
            starts_on=scene.starts_on,
            ends_on=scene.ends_on,
            regions=[Cohort.Region.LONDON],
            target_size=12,
            coordinator=coordinator,
        )
    )


def add_earlier_cohorts(scene: Scene) -> None:
    """Nobody is in them. They fill every choice of a cohort at every size."""
    for number in range(EARLIER):
        starts_on = scene.starts_on - timedelta(days=1_500 + number * 365)
        scene.rows.add(
            Cohort(
                name=f"Earlier cohort {number + 1}",
                starts_on=starts_on,
                ends_on=default_end(starts_on),
            )
        )


def add_participations(scene: Scene, people: People) -> list[Participation]:
    return [
        add_participation(scene, people.cohort, leader, index)
        for index, leader in enumerate(people.leaders)
    ]


def add_participation(scene: Scene, cohort: Cohort, leader: Person, index: int) -> Participation:
    """Accepted before the first day, active from it, completed after the last; a few fare otherwise."""
    left_on = scene.today - timedelta(days=50)
    state = state_of(scene, index)
    participation = scene.rows.add(
        Participation(
            person=leader,
            cohort=cohort,
            state=state,
            starts_on=cohort.starts_on,
            expected_end_on=cohort.ends_on,
            held_to={State.COMPLETED: cohort.ends_on, State.WITHDRAWN: left_on}.get(state),
        )
    )
    change(scene, participation, Kind.ACCEPTED, cohort.starts_on)
    if state != State.ACCEPTED:
        started = change(scene, participation, Kind.STARTED, cohort.starts_on)
        if scene.is_cast and state == State.ACTIVE:
            started.recorded_at = scene.lately
    if state == State.COMPLETED:
        done = change(scene, participation, Kind.COMPLETED, cohort.ends_on)
        scene.rows.add(Completion(change=done, answers=[], met=0, total=0))
    if state == State.WITHDRAWN:
        change(scene, participation, Kind.WITHDRAWN, left_on + timedelta(days=1))
    if state == State.DEFERRED:
        change(scene, participation, Kind.DEFERRED, left_on)
    return participation


def state_of(scene: Scene, index: int) -> State:
    """Of a running cohort one leader in forty is away, and one in sixty has left."""
    if scene.starts_on > scene.today:
        return State.ACCEPTED
    if scene.ends_on < scene.today:
        return State.COMPLETED
    number = scene.number * 12 + index
    if scene.today - scene.starts_on > timedelta(days=60) and number % 60 == 7:
        return State.WITHDRAWN
    return State.DEFERRED if number % 40 == 11 else State.ACTIVE


def change(
    scene: Scene, participation: Participation, kind: Kind, effective_on: date
) -> ParticipationChange:
    is_away = kind == Kind.DEFERRED
    return scene.rows.add(
        ParticipationChange(
            participation=participation,
            kind=kind,
            effective_on=effective_on,
            recorded_at=scene.at(effective_on),
            reason="other" if kind in (Kind.DEFERRED, Kind.WITHDRAWN) else "",
            review_on=scene.today + timedelta(days=scene.number % 60 - 2) if is_away else None,
        )
    )
