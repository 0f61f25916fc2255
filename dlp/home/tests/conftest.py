"""People, a session and a placement that several of these modules tell of."""

from __future__ import annotations

import pytest

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_staff
from dlp.home.tests.looking import school_day
from placements.models import Placement, School
from placements.tests.factories import make_placement
from training.models import Session
from training.tests.factories import make_booking, make_session


@pytest.fixture
def tom(db) -> Person:
    """Tom Reed, who works beside Lena."""
    return make_staff("Tom Reed")


@pytest.fixture
def reading(percy) -> Session:
    """A twilight that Percy is invited to, known since yesterday."""
    session = make_session("Reading fluency", mode="online", starts_on=school_day())
    make_booking(session, percy)
    return session


@pytest.fixture
def arts(marcus) -> School:
    """The school that Marcus leads."""
    return School.objects.get(contacts__person=marcus)


@pytest.fixture
def placed(percy, arts) -> Placement:
    """Percy, placed with Marcus."""
    return make_placement(Participation.objects.get(person=percy), arts)
