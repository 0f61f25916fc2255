"""What completing takes, told to staff over a cohort and to the leader at home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.home.tests.asking import page
from dlp.tests.test_exports import table_of
from placements.models import UnknownDestination
from placements.tests.factories import make_placement
from training.models import Booking, Kind
from training.tests.factories import make_booking, make_certificate, make_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ending(today):
    """A cohort whose two years end in three weeks."""
    return make_cohort("2024 Cohort", starts_on=today - 700 * DAY, ends_on=today + 21 * DAY)


def make_ready(cohort, name="Ada Fenwick"):
    """Somebody of whom nothing is lacking."""
    ready = make_participation(make_person(name), cohort)
    make_placement(ready, ends_on=cohort.ends_on)
    session = make_session(kind=Kind.DSL_TRAINING, starts_on=cohort.ends_on - 200 * DAY)
    booking = make_booking(session, ready.person)
    Booking.objects.filter(pk=booking.pk).update(
        attendance="present", marked_at=timezone.now(), marked_by=ready.person
    )
    make_certificate(ready.person, session.ends_on, by=make_staff("Ivy Checks"))
    UnknownDestination.objects.create(participation=ready, said_by=ready.person)
    return ready


def test_staff_see_who_is_ready_and_who_lacks_what(client, lena, ending):
    make_ready(ending)
    make_participation(make_person("Tom Reid"), ending)
    make_participation(make_person("Una Gone"), ending, state="withdrawn")

    everybody = page(client, lena, "home:cohort_completing", ending.pk)
    ready = page(client, lena, "home:cohort_completing", ending.pk, show="ready")
    without_dsl = page(client, lena, "home:cohort_completing", ending.pk, show="dsl")

    assert "Una Gone" not in everybody
    assert everybody.index("Ada Fenwick") < everybody.index("Tom Reid")
    assert "1 of 5: no placement; no current DSL certificate" in everybody
    assert "Ada Fenwick" in ready
    assert "Tom Reid" not in ready
    assert "Tom Reid" in without_dsl
    assert "Ada Fenwick" not in without_dsl

    address = reverse("home:completing_export", args=[ending.pk])
    assert f"{address}?show=dsl&amp;file=xlsx" in without_dsl
    for query, rows in (({}, 2), ({"show": "dsl"}, 1), ({"show": "dsl", "file": "xlsx"}, 1)):
        header, *found = table_of(client.get(address, query))
        assert header[:4] == ["Name", "Last day", "Met", "Of"]
        assert len(found) == rows
        assert found[-1][0] == "Tom Reid"
        assert "No placement." in found[-1]


def test_a_filter_that_there_is_not_shows_everybody(client, lena, ending):
    make_ready(ending)

    assert "Ada Fenwick" in page(client, lena, "home:cohort_completing", ending.pk, show="shoes")


def test_more_people_take_no_more_queries(client, lena, ending):
    make_ready(ending)
    client.force_login(lena)
    address = reverse("home:cohort_completing", args=[ending.pk])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    queries()
    for_one = queries()
    for name in ("Bo Ek", "Cy Orr", "Di Ash"):
        make_ready(ending, name)

    assert queries() == for_one
    assert for_one <= 12


def test_a_leader_near_the_end_is_told_what_is_left_and_how_to_get_there(client, ending):
    tom = make_participation(make_person("Tom Reid"), ending)

    home = page(client, tom.person, "home:home")

    assert "On the last stretch" in home
    assert "1 of the 5 things that completing takes are there" in home
    assert "Tell the programme team what you do next, or that you do not know yet." in home


def test_a_leader_of_whom_nothing_is_lacking_is_told_so(client, ending):
    home = page(client, make_ready(ending).person, "home:home")

    assert "All 5 things that completing takes are there." in home


def test_nobody_hears_of_it_in_their_first_year(client, today):
    new = make_participation(make_person(), make_cohort(starts_on=today - 30 * DAY))

    assert "that completing takes" not in page(client, new.person, "home:home")


def test_an_alumna_finds_her_certificate_at_home(client):
    done = make_participation(make_person("Ada Fenwick", known_as="Addie"), state="completed")

    home = page(client, done.person, "home:home")

    assert reverse("cohorts:certificate", args=[done.pk]) in home
    assert "it bears your full name, Ada Fenwick" in home
