"""What every page of the admin shares: finding, exporting, explaining, and who changed what."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from cohorts.models import ImportRun, Person
from cohorts.tests.factories import make_cohort, make_person, make_staff
from dlp.admin import DeskAdmin
from placements.models import Trust
from placements.tests.factories import make_placement, make_school
from training.tests.factories import make_group, make_session, make_venue

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
    assert "Groups: Read only added" in page
    assert "Groups: Coordinator taken away" in page
    assert "Groups changed" not in page
    assert page.count("Full name") == 1
    assert "by Sol Lead" in page


def test_who_was_to_lead_a_session_is_in_its_history_whichever_way_it_changed(desk: Client):
    fiona, ruth = make_person("Fiona Marsh"), make_person("Ruth Adler")
    session = make_session(facilitators=[fiona], cohorts=[make_cohort("2026 Cohort")])
    session.facilitators.set([ruth])
    session.cohorts.clear()

    page = history(desk, session)

    assert "Facilitators: Fiona Marsh added" in page
    assert "Facilitators: Fiona Marsh taken away" in page
    assert "Facilitators: Ruth Adler added" in page
    assert "Cohorts: 2026 Cohort taken away" in page


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


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_every_model_is_explained_searched_and_exported(desk: Client, model: Any):
    page_of = admin.site._registry[model]
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert isinstance(page_of, DeskAdmin)
    assert page_of.sentence.endswith(".")
    assert page_of.search_fields
    assert escape(page_of.sentence) in desk.get(reverse("admin:index")).content.decode()
    assert "Export what is shown" in desk.get(reverse(f"{address}_changelist")).content.decode()
    file = desk.get(reverse(f"{address}_export"), {"q": "a"})
    assert file["Content-Type"].startswith("text/csv")
    assert len(list(file.streaming_content)) == 1


def lines_of(client: Client, **query: str) -> list[str]:
    file = client.get(reverse("admin:placements_trust_export"), query)
    return b"".join(file.streaming_content).decode().splitlines()[1:]


def test_what_is_shown_is_exported_on_all_its_pages(desk: Client):
    Trust.objects.bulk_create(Trust(uid=str(n), name=f"Harbour {n}") for n in range(60))
    Trust.objects.create(uid="999", name="Elsewhere")

    page = desk.get(reverse("admin:placements_trust_changelist"), {"q": "harbour", "p": "2"})

    assert "/admin/placements/trust/export/?q=harbour&amp;p=2" in page.content.decode()
    assert len(lines_of(desk, q="harbour", p="2")) == 60
    assert len(lines_of(desk)) == 61


def test_an_export_that_makes_no_sense_leads_back_to_the_list(desk: Client):
    answer = desk.get(reverse("admin:placements_trust_export"), {"nonsense": "1"})

    assert answer["Location"].startswith(reverse("admin:placements_trust_changelist"))


def test_staff_see_what_a_group_may_do_and_only_a_superuser_changes_it(client: Client):
    group = Group.objects.get(name="Coordinator")
    held = set(group.permissions.all())
    address = reverse("admin:auth_group_change", args=[group.pk])
    client.force_login(make_staff("Lena Hart", "Programme lead"))

    page = client.get(address).content.decode()
    assert "Can view cohort" in page
    assert client.post(address, {"permissions": []}).status_code == 403
    assert set(group.permissions.all()) == held


def test_a_superuser_changes_what_a_group_may_do_but_not_its_name(desk: Client):
    group = Group.objects.get(name="Read only")
    one = Permission.objects.get(codename="view_cohort")
    address = reverse("admin:auth_group_change", args=[group.pk])

    desk.post(address, {"name": "Everybody", "permissions": [one.pk]})

    group.refresh_from_db()
    assert group.name == "Read only"
    assert list(group.permissions.all()) == [one]
    assert "Permissions changed" in history(desk, group)


@pytest.mark.parametrize(("name", "answer"), [("Data protection lead", 200), ("Coordinator", 403)])
def test_readings_of_sealed_records_are_looked_up_by_one_group(
    client: Client, name: str, answer: int
):
    client.force_login(make_staff("Iris Page", name))

    assert client.get(reverse("admin:audit_accessrecord_changelist")).status_code == answer


def test_a_state_is_a_tag_in_the_lists_of_the_admin_too(desk: Client):
    make_placement(state="paused")
    make_school("Harbour Lane", status="closing")

    placements = desk.get(reverse("admin:placements_placement_changelist")).content.decode()
    schools = desk.get(reverse("admin:placements_school_changelist")).content.decode()

    assert '<span class="tag" data-state="due">Paused</span>' in placements
    assert '<span class="tag" data-state="good">Open</span>' in schools
    assert '<span class="tag" data-state="due">Open, but proposed to close</span>' in schools


def test_days_are_chosen_by_the_browsers_own_calendar(desk: Client):
    page = desk.get(reverse("admin:cohorts_cohort_add")).content.decode()

    assert '<input type="date" name="starts_on"' in page
    assert "calendar.js" not in page


def test_the_regions_of_a_cohort_are_ticked(desk: Client):
    cohort = make_cohort("2026 Cohort")
    address = reverse("admin:cohorts_cohort_change", args=[cohort.pk])
    values = {"name": "2026 Cohort", "target_size": 10, "colour": "pine"}

    desk.post(address, {**values, "regions": ["london", "yorkshire"]})
    refused = desk.post(address, {**values, "regions": ["mars"]})

    cohort.refresh_from_db()
    assert cohort.regions == ["london", "yorkshire"]
    assert "mars is not one of the available choices" in refused.content.decode()
    assert desk.get(address).content.decode().count(" checked") == 2


def test_the_first_choice_of_action_says_what_to_do(desk: Client):
    Trust.objects.create(uid="1", name="Harbour Trust")

    page = desk.get(reverse("admin:placements_trust_changelist")).content.decode()

    assert '<option value="" selected>Choose what to do</option>' in page
