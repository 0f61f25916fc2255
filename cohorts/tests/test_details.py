"""What is kept about people beyond name and address, who writes it, and what a correction asks for."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Correction, Person
from cohorts.operations.people import edit_own_details, edit_person
from cohorts.tests.factories import make_person
from dlp import news
from dlp.errors import Refused
from placements.tests.factories import make_school

DETAILS = {"known_as": "", "pronouns": "", "phone": "", "phase": "", "subject": "", "biography": ""}


@pytest.fixture
def peckham(db):
    """Three schools in one sector, the middle one at a round number, and one far off in the district."""
    for number, (east, north) in enumerate(
        [(534_000, 176_000), (534_200, 176_100), (539_000, 170_000)]
    ):
        make_school(f"School {number}", postcode="SE15 3AB", easting=east, northing=north)
    make_school("Further", postcode="SE15 9ZZ", easting=536_000, northing=177_000)


def said(client, person: Person, **details) -> str:
    client.force_login(person)
    return client.post(
        reverse("cohorts:my_details"), {**DETAILS, **details}, follow=True
    ).content.decode()


def test_people_say_who_they_are_on_their_own_page(client, percy):
    page = said(
        client, percy, phase="secondary", subject="History", biography="I teach.\nI listen.",
        is_in_directory="on",
    )  # fmt: skip

    assert "Secondary, History" in page
    assert "I teach.<br>I listen." in page
    percy.refresh_from_db()
    assert percy.is_in_directory


def test_nobody_is_in_the_directory_who_did_not_say_so(percy):
    assert not percy.is_in_directory


def test_of_a_postcode_only_the_sector_is_kept_and_where_it_lies(client, percy, peckham):
    page = said(client, percy, home_postcode="se153xy")

    percy.refresh_from_db()
    assert (percy.home_sector, percy.home_easting, percy.home_northing) == (
        "SE15 3", 534_200, 176_000,
    )  # fmt: skip
    assert "on no map" not in page
    kept = {str(value) for row in news.events_of(Person).values() for value in row.values()}
    assert not any("3XY" in value for value in kept)


def test_a_sector_without_schools_lies_in_the_middle_of_its_district(client, percy, peckham):
    said(client, percy, home_postcode="SE15 1AA")

    percy.refresh_from_db()
    assert percy.home_sector == "SE15 1"
    assert (percy.home_easting, percy.home_northing) == (535_100, 176_050)


def test_a_district_does_not_take_a_longer_one_for_itself(client, percy, peckham):
    said(client, percy, home_postcode="SE1 5AA")

    percy.refresh_from_db()
    assert not percy.is_on_map


def test_a_home_that_nobody_can_place_is_kept_and_said_so(client, percy):
    page = said(client, percy, home_postcode="ZE1 0AA")

    percy.refresh_from_db()
    assert (percy.home_sector, percy.home_easting) == ("ZE1 0", None)
    assert "ZE1 0, but know no school near it" in page


def test_handing_the_sector_back_changes_nothing_and_emptying_it_forgets(client, percy, peckham):
    said(client, percy, home_postcode="SE15 3AB")

    said(client, percy, home_postcode="SE15 3")
    percy.refresh_from_db()
    assert percy.is_on_map

    said(client, percy, home_postcode="")
    percy.refresh_from_db()
    assert (percy.home_sector, percy.home_easting, percy.home_northing) == ("", None, None)


@pytest.mark.parametrize("typed", ["SE15", "NE", "SE15 3A", "12345", "SE15 4", "ÉÉ1 1AA"])
def test_what_is_no_postcode_is_refused_and_stays_in_the_field(client, percy, typed):
    page = said(client, percy, home_postcode=typed, subject="History")

    assert f"“{typed}” is not a postcode. Write it whole, like SE15 3AB." in page
    assert f'value="{typed}"' in page
    assert 'value="History"' in page
    percy.refresh_from_db()
    assert percy.home_sector == ""


def test_staff_write_where_somebody_lives_and_what_they_teach(client, lena, percy, peckham):
    client.force_login(lena)

    client.post(
        reverse("cohorts:person_edit", args=[percy.pk]),
        {**as_typed(percy), "home_postcode": "SE15 3AB", "phase": "primary", "subject": "Art"},
    )

    page = client.get(percy.get_absolute_url()).content.decode()
    assert "SE15 3" in page
    assert "Primary, Art" in page


def as_typed(person: Person, **other) -> dict[str, str]:
    return {
        "full_name": person.full_name,
        "email": person.email or "",
        "trn": person.trn or "",
        **other,
    }


@pytest.fixture
def ada(db):
    """Ada has signed in, so her name and her address stand, and her TRN is set."""
    person = make_person("Ada Fenwick", email="ada@example.org", trn="1234567")
    person.last_login = timezone.now()
    person.save()
    return person


def correct(client, by, person, **other):
    client.force_login(by)
    return client.post(
        reverse("cohorts:person_edit", args=[person.pk]), as_typed(person, **other), follow=True
    ).content.decode()


def test_a_confirmed_name_is_corrected_for_a_reason_that_stays(client, lena, ada):
    correct(client, lena, ada, full_name="Ada Fenwick-Jones", reason="She married.")

    page = client.get(reverse("home:timeline", args=[ada.pk])).content.decode()
    assert "Full name corrected from Ada Fenwick to Ada Fenwick-Jones." in page
    assert "She married." in page
    assert Correction.objects.get().by == lena


def test_without_a_reason_the_form_asks_for_one_and_keeps_what_was_typed(client, lena, ada):
    page = correct(client, lena, ada, full_name="Ada Jones", email="ada@new.example.org")

    assert "Say why you change the full name and e-mail address: it stood as confirmed." in page
    assert 'value="Ada Jones"' in page
    ada.refresh_from_db()
    assert ada.full_name == "Ada Fenwick"


def test_of_a_trn_it_is_kept_that_it_changed_and_not_what_it_was(client, lena, ada):
    correct(client, lena, ada, trn="7654321", reason="Two figures were swapped.")

    note = Correction.objects.get()
    assert (note.fact, note.was, note.became) == ("trn", "", "")
    assert note.said == "Teacher reference number corrected."


def test_what_nobody_confirmed_is_corrected_without_a_reason(client, lena):
    new = make_person("Ada Fenwik")

    page = correct(client, lena, new, full_name="Ada Fenwick", trn="1234567")

    assert "Ada Fenwick was changed." in page
    assert not Correction.objects.exists()


def test_the_same_fact_written_again_is_no_correction(client, lena, ada):
    correct(client, lena, ada, full_name=" Ada  Fenwick ", email="ADA@example.org")

    assert not Correction.objects.exists()


def test_the_operation_refuses_too(lena, ada):
    with pytest.raises(Refused, match="Say why you change the full name"):
        edit_person(ada, by=lena, full_name="Ada", email=ada.email, reason="  ")


def test_the_admin_sends_what_is_confirmed_to_the_page_that_asks_why(client, ada):
    root = make_person("Root Admin", is_staff=True, is_superuser=True)
    client.force_login(root)

    page = client.get(reverse("admin:cohorts_person_change", args=[ada.pk])).content.decode()

    assert 'name="full_name"' not in page
    assert 'name="known_as"' in page


@pytest.mark.django_db
def test_a_correction_is_never_altered(lena, ada):
    edit_person(ada, by=lena, email=ada.email, full_name="Ada Jones", reason="Married.")

    with pytest.raises(ProgrammingError), transaction.atomic():
        Correction.objects.update(reason="Other.")


def test_people_change_only_what_is_theirs_to_say(percy):
    with pytest.raises(TypeError):
        edit_own_details(percy, full_name="Percy the Great")
