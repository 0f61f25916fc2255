"""What bin/shots shows: people of the demonstration, and a programme of any size."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta

import time_machine
from django.conf import settings
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.home import demo
from dlp.home.operations import looks
from dlp.tests.people import FrontDoorClient
from placements.models import Placement
from placements.tests.factories import make_contact, make_placement, make_school
from training.models import Booking, Session
from training.tests.factories import make_booking, make_past, make_session

LOOKED = timedelta(days=3)
"""How long before they looked last."""
LONG_NAME = "Oluwaseun Anthonia Wilhelmina Featherstonehaugh-Winterbottom"
LONG_SCHOOL = "The Featherstonehaugh and Winterbottom Alternative Provision"
LONG_TITLE = "What we learned from a year of calling home before nine o’clock"


def clock_at(moment: datetime) -> AbstractContextManager[object]:
    """This process takes it to be that moment, as the product does, and its clock runs."""
    return time_machine.travel(moment, tick=True)


def cookie_of(person: Person) -> dict[str, object]:
    """What the browser of somebody who has signed in keeps."""
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {
        "name": name,
        "value": client.cookies[name].value,
        "domain": "localhost",
        "path": "/",
        "secure": True,
    }


def of_demonstration() -> dict[str, tuple[Person, str]]:
    """The leader in the second year and the coordinator, at what is theirs today."""
    who = {row.what: row.email for row in demo.sign_ins()}
    leader = Person.objects.get(email=who["is a leader in the second year"])
    staff = Person.objects.get(email=who["coordinates the cohorts"])
    placement = Placement.objects.filter(participation__person=leader).latest("starts_on")
    twilight = Session.objects.published().filter(
        kind="twilight", starts_at__gt=timezone.now(), bookings__person=leader
    )
    for person in (leader, staff):
        looks.note(person, timezone.now() - LOOKED)
    return {
        "participant-home": (leader, "/"),
        "session": (staff, twilight.earliest("starts_at").get_absolute_url()),
        "placement": (staff, placement.get_absolute_url()),
        "cohort": (staff, placement.participation.cohort.get_absolute_url()),
        "desk": (staff, "/desk/"),
    }


class Crowd:
    """One leader with a very long name, and as many of everything as is asked for."""

    def __init__(self) -> None:
        self.number = 0
        self.staff = make_staff("Lena Hart")
        self.cohort = make_cohort("2026 Cohort")
        self.leader = make_person(LONG_NAME)
        self.school = make_school(LONG_SCHOOL)
        self.placement = make_placement(make_participation(self.leader, self.cohort), self.school)
        self.session = make_session(LONG_TITLE, cohorts=[self.cohort], capacity=220)
        self.empty_cohort = make_cohort("2027 Cohort")

    def grow_to(self, number: int) -> None:
        """Sessions that were and will be, people at one, in the cohort, and lines on the desk."""
        for n in range(self.number, number):
            self._add(n)
        self.number = number

    def _add(self, n: int) -> None:
        person = make_person(LONG_NAME if n == 0 else f"Person {'Long' * (n % 7)}name {n}")
        make_participation(person, self.empty_cohort, state="deferred" if n % 9 == 4 else "active")
        make_booking(self.session, person, state=("invited", "coming", "not_coming")[n % 3])
        ahead = make_session(
            LONG_TITLE,
            starts_on=timezone.localdate() + timedelta(days=3 + 2 * n),
            starts_time=time(9, 30),
            ends_time=time(15, 30),
            cohorts=[self.cohort],
        )
        make_booking(ahead, self.leader, state=("coming", "invited")[n % 2])
        past = make_past(days=3 + n, cohorts=[self.cohort])
        mark = ("present", "present", "late", "excused", "absent")[n % 5]
        make_booking(past, self.leader, state="coming", attendance=mark, marked_by=self.staff)
        if n == 0:
            make_contact(self.school)
            make_booking(self.session, self.leader, state=Booking.State.COMING)

    def views(self) -> dict[str, tuple[Person, str]]:
        return {
            "participant-home": (self.leader, "/"),
            "session": (self.staff, self.session.get_absolute_url()),
            "placement": (self.staff, self.placement.get_absolute_url()),
            "cohort": (self.staff, self.empty_cohort.get_absolute_url()),
            "desk": (self.staff, "/desk/"),
        }
