"""The demonstration's sessions, who was invited, and what the registers say."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from cohorts.models import Person, Requirement
from dlp.home.demo import cast
from dlp.home.demo.clock import noon
from dlp.home.demo.diary import (
    COLLEGE,
    FARM,
    GROUPS_A_COHORT,
    HALL,
    NORTHERN_HALL,
    Entry,
    Group,
    diary,
)
from dlp.home.demo.feedback import add_feedback
from dlp.home.demo.leaders import CohortPlan
from dlp.home.demo.lives import DAY, Life
from dlp.home.demo.people import Cohorts, People
from dlp.home.demo.places import Hosts, name_on
from dlp.home.demo.words import REASONS, summary
from training.models import (
    Booking,
    Course,
    GroupMember,
    Kind,
    Mode,
    Residential,
    Series,
    Session,
    SupervisionGroup,
    Venue,
    VenueOperator,
)

NAMESPACE = uuid.UUID("6f0ad9a4-61c5-4d0e-9a3b-3f2f6f5f2a11")
WEEKDAYS = ("Tuesday", "Wednesday", "Thursday")
TAUGHT = (Kind.TRAINING_DAY, Kind.DSL_TRAINING)
ARRIVAL: dict[int | str | None, str] = {
    FARM: "Trains to Chippenham; a minibus meets the 10:12 and the 10:42.",
    COLLEGE: "Trains to Barnsley; a minibus meets the 10:20 and the 10:50.",
    None: "",
}
TO_BRING = "Walking shoes, a waterproof, one thing you are proud of from your year."

Venues = dict[int | str, Venue]
Groups = dict[Group, SupervisionGroup]


class Held(NamedTuple):
    """A session and the line of the diary that it is."""

    session: Session
    entry: Entry


def add_meetings(
    told: list[Life],
    plans: list[CohortPlan],
    hosts: Hosts,
    people: People,
    cohorts: Cohorts,
    today: date,
) -> list[Held]:
    """Everything that brings people together."""
    entries = diary(plans, today)
    venues = _venues(entries, hosts)
    groups = _groups(told, plans, people, cohorts, today)
    held = _sessions(entries, venues, groups, hosts, people, cohorts, today)
    places = list(_bookings(held, told, people, today))
    _miss_the_last(places, people[cast.STAYS_AWAY])
    bookings = Booking.objects.bulk_create(places)
    add_feedback(bookings, today)
    return held


def _venues(entries: list[Entry], hosts: Hosts) -> Venues:
    rows: Venues = {
        HALL: Venue(name=HALL, address="Walworth Road, London", postcode="SE17 1RW"),
        NORTHERN_HALL: Venue(name=NORTHERN_HALL, address="Kelham Island, Sheffield"),
        FARM: Venue(name=FARM, address="Ditteridge, Box, near Bath", postcode="SN13 8QA"),
        COLLEGE: Venue(
            name=COLLEGE,
            address="Wentworth Castle, Stainborough, Barnsley",
            postcode="S75 3ET",
            access_notes="A listed house on a hill: ask for a step-free room.",
        ),
    }
    for place in dict.fromkeys(entry.place for entry in entries):
        if isinstance(place, int):
            host = hosts[place]
            rows[place] = Venue(
                name=host.name, school=host, address=host.street, postcode=host.postcode
            )
    Venue.objects.bulk_create(rows.values())
    college = rows[COLLEGE]
    VenueOperator.objects.bulk_create(
        [
            VenueOperator(venue=rows[FARM], name="Jamie’s Farm"),
            VenueOperator(venue=college, name="The Northern College", ends_on=date(2026, 2, 28)),
            VenueOperator(venue=college, name="Barnsley College", starts_on=date(2026, 3, 1)),
        ]
    )
    return rows


def _groups(
    told: list[Life], plans: list[CohortPlan], people: People, cohorts: Cohorts, today: date
) -> Groups:
    rows = {
        Group(plan.year, number): SupervisionGroup(
            name=f"{WEEKDAYS[number]} group, {plan.name.removesuffix(' Cohort')}",
            supervisor=people[_supervisor(plan.year, number)],
            cohort=cohorts[plan.year],
            starts_on=plan.starts_on,
            ends_on=plan.ends_on if plan.ends_on < today else None,
        )
        for plan in plans
        for number in range(GROUPS_A_COHORT)
    }
    SupervisionGroup.objects.bulk_create(rows.values())
    GroupMember.objects.bulk_create(
        GroupMember(
            group=rows[_group_of(life)],
            person=people[life.leader.name],
            starts_on=life.standing.starts_on,
            ends_on=_left_group_on(life, today),
        )
        for life in told
    )
    return rows


def _supervisor(year: int, number: int) -> str:
    """Two groups of a cohort are led by one person, the third by Peter; the pairs change each year."""
    ruth, peter, moira = (role.name for role in cast.SUPERVISORS)
    if number == GROUPS_A_COHORT - 1:
        return peter
    if year < 2022:
        return cast.FORMER_SUPERVISOR
    return ruth if year % 2 else moira


def _group_of(life: Life) -> Group:
    return Group(life.plan.year, life.plan.leaders.index(life.leader) % GROUPS_A_COHORT)


def _left_group_on(life: Life, today: date) -> date | None:
    last_days = [day for day in (life.standing.held_to, life.plan.ends_on) if day and day < today]
    return min(last_days, default=None)


def _sessions(
    entries: list[Entry],
    venues: Venues,
    groups: Groups,
    hosts: Hosts,
    people: People,
    cohorts: Cohorts,
    today: date,
) -> list[Held]:
    courses, series = _courses(entries), _series(groups)
    rows = [_session(entry, venues, groups, courses, series, hosts, today) for entry in entries]
    for session, entry in zip(rows, entries, strict=True):
        if entry.ends_on < today and entry.register:
            session.register_closed_at = session.ends_at + timedelta(minutes=20)
            session.register_closed_by = _led_by(entry, groups, people)
    held = [Held(*pair) for pair in zip(Session.objects.bulk_create(rows), entries, strict=True)]
    Session.cohorts.through.objects.bulk_create(
        Session.cohorts.through(session=one.session, cohort=cohorts[year])
        for one in held
        for year in one.entry.years
    )
    Session.facilitators.through.objects.bulk_create(
        Session.facilitators.through(session=one.session, person=_led_by(one.entry, groups, people))
        for one in held
    )
    Residential.objects.bulk_create(
        Residential(
            session=session, arrival=ARRIVAL[entry.place], to_bring=TO_BRING if entry.place else ""
        )
        for session, entry in held
        if entry.kind == Kind.RESIDENTIAL
    )
    return held


def _courses(entries: list[Entry]) -> dict[str, Course]:
    """What is taught; "Inclusion 3: …" counts for the requirement inclusion-3."""
    kinds = {entry.title: entry.kind for entry in entries if entry.kind in TAUGHT}
    modules = Requirement.objects.filter(key__startswith="inclusion-").in_bulk(field_name="key")
    rows = Course.objects.bulk_create(
        Course(
            title=title,
            kind=kind,
            minutes=360,
            requirement=modules.get(title.partition(":")[0].lower().replace(" ", "-")),
        )
        for title, kind in kinds.items()
    )
    return {row.title: row for row in rows}


def _series(groups: Groups) -> dict[Group, Series]:
    """What a group meets for was planned as a whole."""
    rows = Series.objects.bulk_create(
        Series(title=f"Supervision, {group.name}", kind=Kind.SUPERVISION)
        for group in groups.values()
    )
    return dict(zip(groups, rows, strict=True))


def _session(
    entry: Entry,
    venues: Venues,
    groups: Groups,
    courses: dict[str, Course],
    series: dict[Group, Series],
    hosts: Hosts,
    today: date,
) -> Session:
    place = entry.place
    uid = f"{entry.kind} {entry.title} {entry.day} {entry.years} {entry.group}"
    session = Session(
        kind=entry.kind,
        title=entry.title,
        summary=summary(entry.kind, entry.title),
        course=courses.get(entry.title),
        group=groups[entry.group] if entry.group else None,
        series=series[entry.group] if entry.group else None,
        state=Session.State.DRAFT if entry.is_draft else Session.State.PUBLISHED,
        starts_on=entry.day,
        starts_time=entry.starts,
        ends_on=entry.ends_on,
        ends_time=entry.ends,
        mode=Mode.ONLINE if place is None else Mode.IN_PERSON,
        venue=None if place is None else venues[place],
        join_link="https://meet.example.org/difference" if place is None else "",
        revision=2 if entry.is_fresh else 1,
        ics_sequence=1 if entry.is_fresh else 0,
        ics_uid=uuid.uuid5(NAMESPACE, uid),
    )
    if isinstance(place, int):
        session.venue_name = name_on(hosts, place, entry.day, today)
    elif place:
        session.venue_name = place
    session.set_instants()
    return session


def _led_by(entry: Entry, groups: Groups, people: People) -> Person:
    if entry.group:
        return groups[entry.group].supervisor
    return people[cast.FORMER_FACILITATOR if entry.day.year < 2022 else cast.FACILITATOR.name]


def _bookings(held: list[Held], told: list[Life], people: People, today: date) -> Iterator[Booking]:
    members: dict[int, list[Life]] = {}
    for life in told:
        members.setdefault(life.plan.year, []).append(life)
    for number, (session, entry) in enumerate(held):
        if entry.is_draft:
            continue
        invited = [
            life
            for year in entry.years
            for life in members[year]
            if life.is_expected_on(entry.day)
            and (
                entry.group == _group_of(life)
                if entry.group
                else entry.day < today or not life.is_new_on(today)
            )
        ]
        for place, life in enumerate(invited):
            is_late = entry.is_fresh and place == len(invited) - 1
            booking = _booking(session, entry, number * 7 + place * 3, today, is_late=is_late)
            booking.person = people[life.leader.name]
            yield booking


def _booking(session: Session, entry: Entry, draw: int, today: date, *, is_late: bool) -> Booking:
    """A booking by `draw`, a number that stands in for chance and is always the same."""
    booked_on = min(entry.day - timedelta(days=60), today - timedelta(days=90))
    if is_late:
        booked_on = today - timedelta(days=2)
    booking = Booking(session=session, booked_at=noon(booked_on))
    if session.register_closed_at:
        _attended(booking, draw, session)
        _reply(booking, booked_on + timedelta(days=1 + draw % 12), draw)
    elif is_late:
        return booking
    elif entry.day - today < timedelta(days=21) and draw % 5:
        is_coming = draw % 9 != 0
        booking.state = Booking.State.COMING if is_coming else Booking.State.NOT_COMING
        _reply(booking, today - DAY - timedelta(days=draw % 25), draw)
    return booking


def _reply(booking: Booking, day: date, draw: int) -> None:
    booking.replied_at = noon(day) + timedelta(minutes=7 * draw % 240)
    booking.replied_via = Booking.Via.LETTER if draw % 3 else Booking.Via.PORTAL
    if booking.state == Booking.State.NOT_COMING:
        reasons = REASONS[booking.session.kind]
        booking.reply_reason = reasons[draw % len(reasons)]


def _attended(booking: Booking, draw: int, session: Session) -> None:
    """What the register says, and the answer that came before it."""
    booking.attendance = _mark(draw, session)
    booking.marked_at = session.ends_at
    booking.marked_by = session.register_closed_by
    is_excused = booking.attendance == Booking.Attendance.EXCUSED
    booking.excuse = tuple(Booking.Excuse)[draw % 3] if is_excused else ""
    booking.state = Booking.State.NOT_COMING if is_excused else Booking.State.COMING


def _miss_the_last(places: list[Booking], person: Person) -> None:
    """Somebody said that they would come and missed the last three: the desk suggests to ring them."""
    alike = (Kind.TRAINING_DAY, Kind.SUPERVISION, Kind.TWILIGHT)
    marked = [one for one in places if one.person == person and one.attendance]
    for booking in [one for one in marked if one.session.kind in alike][-3:]:
        booking.attendance, booking.excuse = Booking.Attendance.ABSENT, ""
        booking.state, booking.reply_reason = Booking.State.COMING, ""


def _mark(draw: int, session: Session) -> str:
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
    if draw % 29 == 7:
        return marks.LEFT_EARLY
    return there
