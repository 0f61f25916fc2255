"""The demonstration's sessions, who was invited, and what the registers say."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from cohorts.models import Cohort, Person
from dlp.home.demo import cast
from dlp.home.demo.cast import ARTSXCHANGE
from dlp.home.demo.diary import COLLEGE, HALL, Entry, diary
from dlp.home.demo.letters import write_letters
from dlp.home.demo.people import People, noon
from placements.models import School
from training.models import (
    Booking,
    Course,
    GroupMember,
    Kind,
    Mode,
    Residential,
    Session,
    SupervisionGroup,
    Venue,
    VenueOperator,
)

NAMESPACE = uuid.UUID("6f0ad9a4-61c5-4d0e-9a3b-3f2f6f5f2a11")


def add_meetings(people: People, cohort: Cohort, placed_at: dict[str, School], today: date) -> None:
    """Everything that brings people together, and the letters that follow from it."""
    venues = _venues(placed_at)
    groups = _groups(people, cohort)
    courses = _courses(diary(today))
    sessions = _sessions(diary(today), cohort, venues, groups, courses, people)
    _bookings(sessions, people, today)
    write_letters()


def _venues(placed_at: dict[str, School]) -> dict[int | str, Venue]:
    host = next(school for school in placed_at.values() if school.urn == ARTSXCHANGE)
    hall = Venue.objects.create(name=HALL, address="Walworth Road, London", postcode="SE17 1RW")
    college = Venue.objects.create(
        name=COLLEGE,
        address="Wentworth Castle, Stainborough, Barnsley",
        postcode="S75 3ET",
        access_notes="A listed house on a hill: ask for a step-free room.",
    )
    VenueOperator.objects.create(
        venue=college, name="The Northern College", ends_on=date(2026, 2, 28)
    )
    VenueOperator.objects.create(venue=college, name="Barnsley College", starts_on=date(2026, 3, 1))
    school = Venue.objects.create(
        name=host.name, school=host, address=host.street, postcode=host.postcode
    )
    return {HALL: hall, COLLEGE: college, ARTSXCHANGE: school}


def _groups(people: People, cohort: Cohort) -> list[SupervisionGroup]:
    supervisors = [people[cast.SUPERVISORS[n].name] for n in (0, 0, 1)]
    groups = SupervisionGroup.objects.bulk_create(
        SupervisionGroup(
            name=name, supervisor=supervisor, cohort=cohort, starts_on=cohort.starts_on
        )
        for name, supervisor in zip(cast.GROUP_NAMES, supervisors, strict=True)
    )
    GroupMember.objects.bulk_create(
        GroupMember(
            group=groups[leader.group], person=people[leader.name], starts_on=cohort.starts_on
        )
        for leader in cast.LEADERS
    )
    return groups


def _courses(entries: list[Entry]) -> dict[str, Course]:
    taught = (Kind.TRAINING_DAY, Kind.DSL_TRAINING)
    rows = Course.objects.bulk_create(
        Course(title=entry.title, kind=entry.kind, minutes=360)
        for entry in entries
        if entry.kind in taught
    )
    return {row.title: row for row in rows}


def _sessions(
    entries: list[Entry],
    cohort: Cohort,
    venues: dict[int | str, Venue],
    groups: list[SupervisionGroup],
    courses: dict[str, Course],
    people: People,
) -> list[tuple[Session, Entry]]:
    rows = [_session(entry, venues, groups, courses) for entry in entries]
    for session, entry in zip(rows, entries, strict=True):
        if session.is_over and entry.register:
            session.register_closed_at = session.ends_at
            session.register_closed_by = _leads(entry, session, people)
    sessions = Session.objects.bulk_create(rows)
    pairs = list(zip(sessions, entries, strict=True))
    Session.cohorts.through.objects.bulk_create(
        Session.cohorts.through(session=session, cohort=cohort) for session in sessions
    )
    Session.facilitators.through.objects.bulk_create(
        Session.facilitators.through(session=session, person=_leads(entry, session, people))
        for session, entry in pairs
    )
    Residential.objects.bulk_create(
        Residential(
            session=session,
            arrival="Trains to Barnsley; a minibus meets the 10:20 and the 10:50.",
            to_bring="Walking shoes, a waterproof, one thing you are proud of from your year.",
        )
        for session, entry in pairs
        if entry.kind == Kind.RESIDENTIAL
    )
    return pairs


def _session(
    entry: Entry,
    venues: dict[int | str, Venue],
    groups: list[SupervisionGroup],
    courses: dict[str, Course],
) -> Session:
    venue = venues[entry.place] if entry.place is not None else None
    session = Session(
        kind=entry.kind,
        title=entry.title,
        course=courses.get(entry.title),
        group=groups[entry.group] if entry.group is not None else None,
        state=Session.State.PUBLISHED,
        starts_on=entry.day,
        starts_time=entry.starts,
        ends_on=entry.last_day or entry.day,
        ends_time=entry.ends,
        mode=Mode.IN_PERSON if venue else Mode.ONLINE,
        venue=venue,
        venue_name=venue.name if venue else "",
        join_link="" if venue else "https://meet.example.org/difference",
        ics_uid=uuid.uuid5(NAMESPACE, f"{entry.kind} {entry.title} {entry.day} {entry.group}"),
    )
    session.set_instants()
    return session


def _leads(entry: Entry, session: Session, people: People) -> Person:
    if session.group is not None:
        return session.group.supervisor
    return people[cast.FACILITATOR.name]


def _bookings(
    sessions: list[tuple[Session, Entry]],
    people: People,
    today: date,
) -> None:
    away_since = today - timedelta(days=75)
    rows = []
    for number, (session, entry) in enumerate(sessions):
        for place, leader in enumerate(cast.LEADERS):
            if entry.group is not None and entry.group != leader.group:
                continue
            if leader.name == "Dominic Achebe" and entry.day >= away_since:
                continue
            rows.append(
                _booking(session, entry, people[leader.name], number * 7 + place * 3, today)
            )
    Booking.objects.bulk_create(rows)


def _booking(session: Session, entry: Entry, person: Person, draw: int, today: date) -> Booking:
    """A booking as `draw` has it: a number that stands in for chance and is always the same."""
    booked_on = min(entry.day - timedelta(days=60), today - timedelta(days=90))
    booking = Booking(session=session, person=person, booked_at=noon(booked_on))
    if session.register_closed_at:
        _reply(booking, Booking.State.COMING, booked_on)
        booking.attendance = _attendance(draw, session)
        booking.marked_at = session.ends_at
        booking.marked_by = session.register_closed_by
    elif entry.day - today < timedelta(days=21) and draw % 4:
        answer = Booking.State.COMING if draw % 9 else Booking.State.NOT_COMING
        _reply(booking, answer, min(entry.day - timedelta(days=20), today - timedelta(days=1)))
    return booking


def _reply(booking: Booking, answer: str, day: date) -> None:
    booking.state = answer
    booking.replied_at = noon(day)
    booking.replied_via = Booking.Via.PORTAL


def _attendance(draw: int, session: Session) -> str:
    marks = Booking.Attendance
    there = marks.ONLINE if session.mode == Mode.ONLINE else marks.PRESENT
    if session.kind in (Kind.RESIDENTIAL, Kind.DSL_TRAINING):
        return there
    if draw % 17 == 5:
        return marks.ABSENT
    if draw % 13 == 6:
        return marks.EXCUSED
    if draw % 11 == 0:
        return marks.LATE
    return there
