"""Where people meet: a venue, or a partner school that becomes one by being chosen."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import School
from placements.tests.factories import make_partnership, make_school
from training.models import Session, Venue
from training.operations import sessions
from training.tests.factories import make_session, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> School:
    school = make_school("Hill Top", street="1 Hill Road", town="Leeds", postcode="LS1 1AA")
    make_partnership(school)
    return school


def at(place: str, **changes: str) -> dict[str, str]:
    """A twilight in person, as somebody types it."""
    return {
        "title": "Reading fluency",
        "starts_on": "2027-01-14",
        "starts_time": "16:00",
        "ends_time": "18:00",
        "mode": "in_person",
        "venue": place,
        **changes,
    }


def add(client, person: Person, place: str, **changes: str):
    client.force_login(person)
    return client.post(reverse("training:session_add"), at(place, **changes))


def offered(client, person: Person) -> dict[str, list[str]]:
    """The names in the list of places, under their headings."""
    client.force_login(person)
    form = client.get(reverse("training:session_add")).context["form"]
    _, *groups = form.fields["venue"].choices
    return {heading: [name for _, name in places] for heading, places in groups}


def test_partner_schools_that_are_no_venue_yet_are_offered_beside_the_venues(
    client, lena: Person, partner: School
):
    make_venue("Walworth Hall")
    make_venue("Harbour Lane", school=make_partnership(make_school("Harbour Lane")).school)
    make_partnership(make_school("Left us"), ends_on=timezone.localdate() - timedelta(days=1))
    make_school("No partner")

    assert offered(client, lena) == {
        "Venues": ["Harbour Lane", "Walworth Hall"],
        "Partner schools": ["Hill Top"],
    }


def test_a_chosen_school_becomes_a_venue_with_its_name_and_address(
    client, lena: Person, partner: School
):
    add(client, lena, f"school-{partner.pk}")

    venue = Session.objects.get().venue
    assert venue is not None
    assert (venue.name, venue.school) == ("Hill Top", partner)
    assert (venue.address, venue.postcode) == ("1 Hill Road\nLeeds", "LS1 1AA")
    assert offered(client, lena) == {"Venues": ["Hill Top"]}


def test_a_published_session_moves_to_a_school(client, lena: Person, partner: School):
    session = make_session()
    client.force_login(lena)
    client.post(reverse("training:session_edit", args=[session.pk]), at(f"school-{partner.pk}"))

    session.refresh_from_db()
    assert (session.venue_name, session.revision) == ("Hill Top", 2)


def test_every_session_of_a_series_is_at_the_one_new_venue(client, lena: Person, partner: School):
    client.force_login(lena)
    client.post(
        reverse("training:series_add"), at(f"school-{partner.pk}", pattern="weekly", count="3")
    )

    assert Session.objects.filter(venue__school=partner).count() == 3
    assert Venue.objects.count() == 1


def test_a_session_that_is_refused_leaves_no_venue(partner: School):
    with pytest.raises(Refused):
        sessions.create_session(
            kind="twilight",
            title="Reading fluency",
            starts_on=date(2027, 3, 28),
            starts_time=time(1, 30),
            ends_time=time(3),
            mode="in_person",
            venue=partner,
        )

    assert not partner.venues.exists()


def test_a_session_online_makes_no_venue(client, lena: Person, partner: School):
    add(client, lena, f"school-{partner.pk}", mode="online")

    assert Session.objects.get().venue is None
    assert not Venue.objects.exists()


def test_a_school_stays_chosen_when_something_else_is_wrong(client, lena: Person, partner: School):
    page = add(client, lena, f"school-{partner.pk}", title="").content.decode()

    assert f'<option value="school-{partner.pk}" selected>Hill Top</option>' in page
    assert not Venue.objects.exists()


def test_a_school_with_the_name_of_another_venue_is_refused_in_words(
    client, lena: Person, partner: School
):
    make_venue("HILL TOP")

    page = add(client, lena, f"school-{partner.pk}").content.decode()

    assert "Another venue is called Hill Top." in page
    assert not Session.objects.exists()


def test_a_place_that_is_not_offered_is_refused(client, lena: Person):
    stranger = make_school("No partner")

    errors = add(client, lena, f"school-{stranger.pk}").context["form"].errors

    assert errors["venue"] == ["Choose a venue or a school from the list."]
