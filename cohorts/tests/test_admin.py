"""The admin of people and cohorts."""

import csv
import io
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import (
    Cohort,
    ImportRun,
    Likeness,
    Participation,
    ParticipationChange,
    Person,
)
from cohorts.permissions import COORDINATOR, PROGRAMME_LEAD, READ_ONLY, SAFEGUARDING_LEAD
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from cohorts.views.participations import STEPS
from dlp.admin import DeskAdmin
from dlp.outbox.models import Message

MODELS = [Person, Cohort, Participation, ParticipationChange, ImportRun]


def changelist(model):
    return reverse(f"admin:cohorts_{model._meta.model_name}_changelist")


def change(thing):
    return reverse(f"admin:cohorts_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.mark.django_db
def test_every_model_of_people_and_plans_is_found_filtered_and_exported(client, nora):
    client.force_login(nora)
    own = [
        model
        for model in apps.get_app_config("cohorts").get_models()
        if not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
    ]
    for model in own:
        shown = admin.site._registry[model]
        assert shown.search_fields, model
        assert shown.list_filter, model
        assert shown.export_fields, model
    assert client.get(changelist(Likeness), {"sign": "phone"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_model_says_what_it_is_and_is_never_deleted(model):
    shown = admin.site._registry[model]

    assert isinstance(shown, DeskAdmin)
    assert shown.sentence.endswith(".")
    assert not shown.has_delete_permission(None)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_and_is_searched_without_growing(client, nora, cohort, model):
    client.force_login(nora)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(changelist(model), {"q": "Ada"}).status_code == 200
        return len(captured)

    make_participation(make_person("Ada Number0"), cohort)
    queries()
    for_one = queries()
    for number in range(1, 15):
        make_participation(make_person(f"Ada Number{number}"), cohort)

    assert queries() <= for_one + 1


def test_search_in_the_admin_minds_no_marks(client, nora, cohort):
    make_participation(make_person("Zoë Müller"), cohort)
    client.force_login(nora)

    for model in (Person, Participation, ParticipationChange):
        assert "Zoë Müller" in client.get(changelist(model), {"q": "ZOE muller"}).content.decode()


def act(client, model, action, *things):
    data = {"action": action, "_selected_action": [thing.pk for thing in things]}
    return client.post(changelist(model), data, follow=action != "export_chosen")


def test_invitations_go_through_the_operation(client, nora, percy):
    nobody = make_person("No Address", email=None)
    client.force_login(nora)

    page = act(client, Person, "invite", percy, nobody).content.decode()

    assert "1 person invited." in page
    assert "No Address has no e-mail address" in page
    assert Message.objects.filter(kind="cohorts.welcome", person=percy).count() == 1


def test_exports_cannot_run_and_hold_no_reason(client, nora, cohort):
    held = make_participation(make_person("=Ada"), cohort, state="deferred")
    client.force_login(nora)

    for model, thing in ((Person, held.person), (ParticipationChange, held.changes.last())):
        response = act(client, model, "export_chosen", thing)
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text))
        assert "'=Ada" in row.values()
        assert not {"Reason", "Private note", "Password"} & set(row)


@pytest.mark.parametrize(
    ("group", "sees"),
    [(PROGRAMME_LEAD, True), (SAFEGUARDING_LEAD, True), (COORDINATOR, False), (READ_ONLY, False)],
)
def test_reasons_are_read_by_two_groups(client, cohort, group, sees):
    held = make_participation(cohort=cohort, state="deferred")
    client.force_login(make_staff("Iris Page", group))

    page = client.get(change(held.changes.last())).content.decode()

    assert ("Private note" in page) == sees


@pytest.mark.parametrize(
    ("group", "may"), [(PROGRAMME_LEAD, True), (COORDINATOR, False), (READ_ONLY, False)]
)
def test_only_a_programme_lead_makes_staff(client, percy, group, may):
    client.force_login(make_staff("Iris Page", group))

    client.post(change(percy), {"full_name": "Percy Adeyemi", "is_staff": "on"})

    percy.refresh_from_db()
    assert percy.is_staff == may


def test_a_programme_lead_makes_no_superuser(client, nora, percy):
    client.force_login(nora)

    client.post(change(percy), {"full_name": "Percy Adeyemi", "is_superuser": "on"})

    percy.refresh_from_db()
    assert not percy.is_superuser


def test_state_is_not_typed_in(client, nora, percy):
    client.force_login(nora)
    held = percy.participations.get()

    client.post(change(percy), {"full_name": "Percy Adeyemi", "email": "x@x.org", "is_active": ""})
    client.post(change(held), {"state": "completed"})

    percy.refresh_from_db()
    held.refresh_from_db()
    assert (percy.email, percy.is_active, held.state) == ("percy@example.org", True, "active")


def test_read_only_staff_look_and_do_not_act(client, percy):
    client.force_login(make_staff("Iris Page", READ_ONLY))

    assert client.get(change(percy)).status_code == 200
    act(client, Person, "deactivate", percy)

    percy.refresh_from_db()
    assert percy.is_active


def test_someone_added_in_the_admin_has_no_password(client, nora):
    client.force_login(nora)

    client.post(reverse("admin:cohorts_person_add"), {"full_name": "Ada", "email": "ADA@x.org"})

    assert not Person.objects.get(email="ada@x.org").has_usable_password()


def test_history_says_what_changed_and_by_whom(client, nora, percy):
    client.force_login(nora)
    client.post(change(percy), {"full_name": "Percival Adeyemi"})

    page = client.get(reverse("admin:cohorts_person_history", args=[percy.pk])).content.decode()

    assert "Full name: Percy Adeyemi became Percival Adeyemi" in page
    assert "Changed by Nora Quist" in page


def test_changes_are_undone_latest_first(client, nora, percy):
    held = percy.participations.get()
    client.force_login(nora)

    act(client, ParticipationChange, "undo", *held.changes.all())

    held.refresh_from_db()
    assert held.state == Participation.State.DECLINED


def test_a_step_that_asks_something_is_asked_on_its_page_and_leads_back(client, nora, percy):
    held = percy.participations.get()
    client.force_login(nora)

    asked = client.post(
        changelist(Participation), {"action": "participation_defer", "_selected_action": [held.pk]}
    )
    done = client.post(asked.url, {"reason": "other", "on": timezone.localdate()})

    held.refresh_from_db()
    assert asked.url.startswith(reverse("cohorts:participation_defer", args=[held.pk]))
    assert done.url == changelist(Participation)
    assert held.changes.last().kind == "deferred"


def test_every_step_of_the_table_can_be_taken_in_the_admin(client, nora, percy):
    held = make_participation(make_person(), make_cohort(), state="offered")
    client.force_login(nora)

    listed = client.get(changelist(Participation)).context["cl"].model_admin
    actions = {getattr(one, "__name__", one) for one in listed.actions}
    act(client, Participation, "accept", held)

    held.refresh_from_db()
    assert held.state == "accepted"
    steps = set(STEPS) | {"complete"}
    assert {name.removeprefix("participation_") for name in actions} == steps


def test_one_row_at_a_time_is_led_to_its_page(client, nora, percy, olive):
    client.force_login(nora)

    page = act(client, Participation, "participation_withdraw", *Participation.objects.all())

    assert "Choose one row" in page.content.decode()


@pytest.mark.parametrize(
    ("state", "names"), [("active", "2026 Cohort"), ("planned", "2031 Cohort")]
)
def test_cohorts_are_filtered_and_exported_by_how_they_stand(client, nora, percy, state, names):
    make_cohort("2031 Cohort", starts_on=timezone.localdate() + timedelta(days=1500))
    client.force_login(nora)

    listed = client.get(changelist(Cohort), {"state": state}).content.decode()
    export = client.get(reverse("admin:cohorts_cohort_export"), {"state": state})

    text = b"".join(export.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert ("2026 Cohort" in listed, "2031 Cohort" in listed) == (
        names == "2026 Cohort",
        names == "2031 Cohort",
    )
    assert (row["Name"], row["State"]) == (names, state)
