"""A cohort's supervision groups, its sessions over two years, who was asked and who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import count

from cohorts.models import Cohort, Person
from dlp.bench.filling.letters import add_letters
from dlp.bench.filling.people import People
from dlp.bench.filling.scene import Scene
from training.models import (
    Booking,
    GroupMember,
    Kind,
    Mode,
    Session,
    SupervisionGroup,
    Venue,
)

A_COHORT = 13
EVERY = timedelta(days=55)
A_GROUP, GROUPS = 6, 14
ITS_OWN = 3
"""Groups the supervisor leads; the full cohorts have more, and host leads to lead them."""
KINDS = (Kind.TRAINING_DAY, Kind.TWILIGHT, Kind.DSL_TRAINING, Kind.SUPERVISION)
HOURS = {Kind.TRAINING_DAY: (time(9, 30), time(15, 30)), Kind.DSL_TRAINING: (time(13), time(16))}
TWILIGHT_HOURS = (time(16), time(18))
WITHOUT_REGISTER, A_WEEK, DRAFTS = 30, 8, 15
OPEN_REGISTERS = 25
"""Of so many cohorts one has not closed its last register."""

State = Booking.State
Attendance = Booking.Attendance


def add_meetings(scene: Scene, people: People) -> None:
    """Thirteen sessions, one in four of them supervision in groups; more for the cast."""
    venue = scene.rows.add(Venue(name=f"Walworth Hall {scene.number}", postcode="SE17 1RW"))
    groups = add_groups(scene, people)
    for place in range(A_COHORT):
        day = scene.starts_on + timedelta(days=20) + place * EVERY
        kind = KINDS[place % len(KINDS)]
        if kind == Kind.SUPERVISION:
            for group, members in groups:
                add_session(
                    scene, kind, day, people.cohort, people.supervisor, members, group=group
                )
        else:
            add_session(
                scene, kind, day, people.cohort, people.supervisor, people.leaders, venue=venue
            )
    if people.facilitator:
        add_large_session(scene, people, people.facilitator, venue)
        add_twilights(scene, people)


def add_large_session(scene: Scene, people: People, leader: Person, venue: Venue) -> None:
    """Yesterday, with everybody; its register is not taken yet."""
    day = scene.today - timedelta(days=1)
    everybody = [people.supervisor, *people.hosts, *people.leaders]
    add_session(scene, Kind.TRAINING_DAY, day, people.cohort, leader, everybody, venue=venue)


def add_twilights(scene: Scene, people: People) -> None:
    """For everybody: some without a register, a week full of them, and drafts that wait for a venue.

    So the desk is full at every size.
    """
    asked = people.hosts[-1:]
    for number in range(WITHOUT_REGISTER):
        session = add_twilight(scene, -number - 2, Session.State.PUBLISHED)
        book(scene, session, asked)
    for number in range(A_WEEK):
        session = add_twilight(scene, number % 3 + 1, Session.State.PUBLISHED)
        book(scene, session, asked)
    for number in range(DRAFTS):
        add_twilight(scene, number % 10 + 3, Session.State.DRAFT)


def add_twilight(scene: Scene, in_days: int, state: Session.State) -> Session:
    day = scene.today + timedelta(days=in_days)
    session = Session(
        kind=Kind.TWILIGHT,
        title=f"Twilight of {day:%-d %B}",
        state=state,
        starts_on=day,
        starts_time=time(16),
        ends_on=day,
        ends_time=time(18),
        mode=Mode.ONLINE if state == Session.State.PUBLISHED else Mode.IN_PERSON,
    )
    session.set_instants()
    return scene.rows.add(session)


def add_groups(scene: Scene, people: People) -> list[tuple[SupervisionGroup, list[Person]]]:
    found = []
    for number, first in enumerate(range(0, min(len(people.leaders), A_GROUP * GROUPS), A_GROUP)):
        group = scene.rows.add(
            SupervisionGroup(
                name=f"Group {scene.number + 1}.{number + 1}",
                supervisor=people.supervisor if number < ITS_OWN else people.hosts[-number],
                cohort=people.cohort,
                starts_on=scene.starts_on,
                ends_on=scene.ends_on,
            )
        )
        members = people.leaders[first : first + A_GROUP]
        for person in members:
            scene.rows.add(
                GroupMember(
                    group=group, person=person, starts_on=group.starts_on, ends_on=group.ends_on
                )
            )
        found.append((group, members))
    return found


def add_session(
    scene: Scene,
    kind: Kind,
    day: date,
    cohort: Cohort,
    leader: Person,
    people: Sequence[Person],
    *,
    venue: Venue | None = None,
    group: SupervisionGroup | None = None,
) -> None:
    """Published, everybody asked; its register closed an hour after the end, but for a few."""
    starts_time, ends_time = HOURS.get(kind, TWILIGHT_HOURS)
    session = Session(
        kind=kind,
        title=f"{kind.label} of {cohort}",
        group=group,
        state=Session.State.PUBLISHED,
        starts_on=day,
        starts_time=starts_time,
        ends_on=day,
        ends_time=ends_time,
        mode=Mode.IN_PERSON if venue else Mode.ONLINE,
        venue=venue,
        venue_name=venue.name if venue else "",
    )
    session.set_instants()
    is_left_open = scene.number % OPEN_REGISTERS == 0 and scene.today - day < EVERY
    if session.ends_at < scene.now and not is_left_open:
        session.register_closed_at = session.ends_at + timedelta(hours=1)
        session.register_closed_by = leader
    scene.rows.add(session)
    scene.rows.add(Session.cohorts.through(session=session, cohort=cohort))
    scene.rows.add(Session.facilitators.through(session=session, person=leader))
    add_letters(scene, session, book(scene, session, people))


def book(scene: Scene, session: Session, people: Sequence[Person]) -> list[Booking]:
    lots = (index * 7 + session.starts_on.toordinal() for index in count())
    return [add_booking(scene, session, *pair) for pair in zip(people, lots, strict=False)]


def add_booking(scene: Scene, session: Session, person: Person, lot: int) -> Booking:
    """Most come, some say no; before the day one in five has not answered."""
    is_over = session.ends_at < scene.now
    is_silent = not is_over and lot % 5 == 1
    state = State.NOT_COMING if lot % 17 == 3 else State.COMING
    marked_by = session.register_closed_by
    asked_at = session.starts_at - timedelta(days=60)
    if asked_at > scene.now - timedelta(days=3):
        asked_at = scene.planned_at - timedelta(days=2)
    attended = mark(state, lot) if marked_by else ""
    return scene.rows.add(
        Booking(
            session=session,
            person=person,
            state=State.INVITED if is_silent else state,
            booked_at=asked_at,
            replied_at=None if is_silent else asked_at + timedelta(hours=lot % 36 + 1),
            replied_via="" if is_silent else Booking.Via.PORTAL,
            attendance=attended,
            excuse=Booking.Excuse.SCHOOL if attended == Attendance.EXCUSED else "",
            marked_at=session.ends_at + timedelta(minutes=30) if marked_by else None,
            marked_by=marked_by,
        )
    )


def mark(state: State, lot: int) -> Attendance:
    if state == State.NOT_COMING:
        return Attendance.EXCUSED
    if lot % 13 == 5:
        return Attendance.ABSENT
    return Attendance.LATE if lot % 11 == 2 else Attendance.PRESENT
