"""What several tests of cohorts stand on."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import make_cohort, make_person, make_staff
from cohorts.tests.people_files import Door


@pytest.fixture
def monday():
    """It is Mon 23 November 2026, 10:00."""
    with time_machine.travel("2026-11-23 10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def door(client, lena):
    """Lena at the door of the 2024 cohort, with a file."""
    client.force_login(lena)
    return Door(
        client, make_cohort("2024 Cohort", starts_on=date(2024, 9, 1), ends_on=date(2026, 8, 31))
    )


@pytest.fixture
def nora(db):
    """Nora leads the programme."""
    return make_staff("Nora Quist", PROGRAMME_LEAD)


@pytest.fixture
def ada(db):
    return make_person("Ada Fenwick", email="ada@example.org", trn="1234567")


@pytest.fixture
def twin(db):
    """Ada again, as somebody else wrote her down."""
    return make_person("Ada Fenwik", email="ada@school.example", phone="020 7946 0001")
