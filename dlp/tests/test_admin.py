"""What every page of the admin shares: finding, exporting, explaining, and who changed what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Person
from cohorts.tests.factories import make_staff
from placements.models import Trust
from training.tests.factories import make_group

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
