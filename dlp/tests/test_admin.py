"""What every page of the admin shares: finding, exporting, explaining, and who changed what."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from cohorts.models import ImportRun, Person
from cohorts.tests.factories import make_staff
from placements.models import Trust
from training.tests.factories import make_group, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Person:
    person = make_staff("Sol Lead", "Programme lead")
    person.is_superuser = True
    person.save(update_fields=["is_superuser"])
    return person


@pytest.fixture
def desk(client: Client, boss: Person) -> Client:
    client.force_login(boss)
    return client


@pytest.mark.parametrize("typed", ["École", "école", "Trust École", "Ruth’s", "Ruth's", "RUTH"])
def test_what_is_typed_exactly_as_it_is_written_is_found(desk: Client, typed: str):
    Trust.objects.create(uid="1", name="Ruth’s École Trust")
    Trust.objects.create(uid="2", name="Harbour Trust")

    page = desk.get(reverse("admin:placements_trust_changelist"), {"q": typed}).content.decode()

    assert "Ruth’s École Trust" in page
    assert "Harbour Trust" not in page


def test_a_search_goes_across_a_name_and_a_column_in_one(desk: Client):
    group = make_group(name="Été")
    words = f"Été {group.supervisor.full_name.upper()}"

    page = desk.get(reverse("admin:training_supervisiongroup_changelist"), {"q": words})

    assert list(page.context["cl"].result_list) == [group]


def history(desk: Client, thing: Any) -> str:
    options = thing._meta
    address = f"admin:{options.app_label}_{options.model_name}_history"
    return desk.get(reverse(address, args=[thing.pk])).content.decode()


def test_who_changed_somebodys_groups_is_in_their_history(desk: Client):
    lena = make_staff("Lena Hart", "Coordinator")
    desk.post(
        reverse("admin:cohorts_person_change", args=[lena.pk]),
        {
            "full_name": "Lena Hart-Bell",
            "is_staff": "on",
            "groups": [Group.objects.get(name="Read only").pk],
        },
    )

    page = history(desk, lena)

    assert "Lena Hart became Lena Hart-Bell" in page
    assert "Groups changed" in page
    assert page.count("Full name") == 1
    assert "by Sol Lead" in page


def test_what_was_changed_under_a_row_is_in_its_history(desk: Client):
    venue = make_venue("Harbour Hall")
    desk.post(
        reverse("admin:training_venue_change", args=[venue.pk]),
        {
            "name": "Harbour Hall",
            "address": venue.address,
            "postcode": venue.postcode,
            "operators-TOTAL_FORMS": 1,
            "operators-INITIAL_FORMS": 0,
            "operators-0-venue": venue.pk,
            "operators-0-name": "Bell and Sons",
            "operators-0-starts_on": "2026-01-01",
        },
    )

    assert "Venue operator “Bell and Sons" in history(desk, venue)


def test_history_never_says_that_nothing_was_recorded_where_nothing_is(desk: Client):
    run = ImportRun.objects.create(kind="people", file_name="a.csv", file_sha256="0" * 64)

    assert "No change to this has been recorded" not in history(desk, run)
