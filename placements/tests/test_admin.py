"""The admin of schools and placements: everything is found there, and states change by operations."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from placements.models import Partnership, Placement, School
from placements.operations.moving import STEPS
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
MODELS = [
    "localauthority", "opening", "partnership", "placement", "placementchange", "post", "school",
    "schoolcontact", "schoollink", "schoolname", "trust",
]  # fmt: skip


@pytest.fixture
def desk(client, lena):
    lena.is_superuser = True
    lena.save(update_fields=["is_superuser"])
    client.force_login(lena)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_listed_searched_and_explained(desk, model):
    make_contact()
    make_opening()
    make_placement()
    url = reverse(f"admin:placements_{model}_changelist")

    assert desk.get(url, {"q": "harbour"}).status_code == 200
    assert any(
        one.sentence.endswith(".")
        for one in admin.site._registry.values()
        if one.model._meta.model_name == model
    )


def test_a_state_changes_by_an_action_that_says_why_not(desk):
    draft = make_partnership(state=Partnership.State.DRAFT)
    active = make_partnership()
    answer = desk.post(
        reverse("admin:placements_partnership_changelist"),
        {"action": "send", "_selected_action": [draft.pk, active.pk]},
        follow=True,
    ).content.decode()

    draft.refresh_from_db()
    assert draft.state == Partnership.State.SENT
    assert "This partnership is active, so it cannot become sent now." in answer


def test_every_step_of_a_placement_is_an_action_and_one_that_asks_leads_to_its_page(desk):
    placement = make_placement()
    url = reverse("admin:placements_placement_changelist")
    actions = {
        getattr(one, "__name__", one).removeprefix("placement_")
        for one in desk.get(url).context["cl"].model_admin.actions
    }
    assert actions == {*STEPS, "change_days"}

    asked = desk.post(
        url, {"action": "placement_end_early", "_selected_action": [placement.pk]}
    ).url
    done = desk.post(asked, {"last_day": placement.starts_on, "reason": "school"})
    placement.refresh_from_db()
    assert (placement.state, done.url) == (Placement.State.ENDED_EARLY, url)


def test_a_placement_is_never_changed_by_hand(desk):
    placement = make_placement()
    url = reverse("admin:placements_placement_change", args=[placement.pk])

    assert desk.get(url).status_code == 200
    assert desk.post(url, {"starts_on": "2020-01-01"}).status_code == 403
    assert Placement.objects.get().starts_on == placement.starts_on


def test_a_school_corrected_in_the_admin_is_left_alone_by_imports(desk):
    school = make_school("Hill Top", town="York")
    url = reverse("admin:placements_school_change", args=[school.pk])
    form = desk.get(url).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    desk.post(url, {**typed, "town": "Leeds", "region": "london"})

    school = School.objects.get()
    assert (school.town, school.region) == ("Leeds", "london")
    assert school.edited_fields == ["region", "town"]
