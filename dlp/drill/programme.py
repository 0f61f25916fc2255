"""People, and sessions on which everybody is booked: the recipients for drill and bench."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import count

from django.utils import timezone

from cohorts.models import Cohort, Person
from training.models import Booking, Kind, Session, Venue

IN_DAYS = 9
SUMMARY = (
    "We practise the first call home after an exclusion, in threes, with somebody who has made it a "
    "hundred times. Bring one conversation that went well, and one that you would have again."
)
_numbers = count(1)


def make_people(number: int) -> list[Person]:
    people = [
        Person(email=f"leader{n}@example.org", full_name=f"Ada Okafor-Whitfield {n}")
        for n in (next(_numbers) for _ in range(number))
    ]
    for person in people:
        person.set_unusable_password()
    return Person.objects.bulk_create(people)


def make_sessions(number: int, people: list[Person], *, state: str) -> list[Session]:
    """Twilights of one cohort in nine days, all in one hall, with everybody on each."""
    coordinator, facilitator = make_people(2)
    today = timezone.localdate()
    cohort = Cohort.objects.create(
        name=f"Cohort {next(_numbers)}",
        starts_on=today,
        ends_on=today + timedelta(days=729),
        coordinator=coordinator,
    )
    venue = Venue.objects.create(name=f"Walworth Hall {next(_numbers)}", postcode="SE17 1RW")
    sessions = [_twilight(venue, state) for _ in range(number)]
    Session.objects.bulk_create(sessions)
    for session in sessions:
        session.cohorts.set([cohort])
        session.facilitators.set([facilitator])
    Booking.objects.bulk_create(
        Booking(session=session, person=person) for session in sessions for person in people
    )
    return sessions


def _twilight(venue: Venue, state: str) -> Session:
    day = timezone.localdate() + timedelta(days=IN_DAYS)
    session = Session(
        kind=Kind.TWILIGHT,
        title=f"The first call home {next(_numbers)}",
        summary=SUMMARY,
        state=state,
        starts_on=day,
        starts_time=time(16),
        ends_on=day,
        ends_time=time(18),
        venue=venue,
        venue_name=venue.name,
    )
    session.set_instants()
    return session
