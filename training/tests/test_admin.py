"""Looking sessions up in the admin, and what its actions do."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from cohorts.models import Person
from cohorts.tests.factories import make_person, make_staff
from training.models import Kind, Session
from training.tests.factories import (
    make_booking,
    make_course,
    make_group,
    make_member,
    make_session,
    make_venue,
)

pytestmark = pytest.mark.django_db

NOUNS = [
    "registertap", "feedback",
    "course", "venue", "venueoperator", "series", "session", "residential", "booking",
    "supervisiongroup", "groupmember", "certificate", "certificatepolicy", "guidanceedition",
    "acknowledgement", "knowledgeupdate", "twilightidea", "presenter", "resource", "practicecard",
]  # fmt: skip


@pytest.fixture
def boss(db) -> Person:
    person = make_staff("Sol Lead", "Programme lead")
    person.is_superuser = True
    person.save()
    return person


def test_every_noun_is_there_with_its_sentence():
    ours = {
        model._meta.model_name
        for model in apps.get_app_config("training").get_models()
        if not model._meta.model_name.endswith("event")
        and not model._meta.auto_created
        and model in admin.site._registry
    }

    assert ours == set(NOUNS)
    assert all(admin.site._registry[apps.get_model("training", noun)].sentence for noun in NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_found_and_opened(client, boss: Person, noun: str):
    make_session(kind=Kind.RESIDENTIAL)
    make_booking()
    make_course("Inclusion")
    make_member(make_group())
    client.force_login(boss)

    found = client.get(reverse(f"admin:training_{noun}_changelist"), {"q": "a"})
    assert found.status_code == 200
    row = apps.get_model("training", noun).objects.first()
    if row is not None:
        assert (
            client.get(reverse(f"admin:training_{noun}_change", args=[row.pk])).status_code == 200
        )


def act(client, noun: str, action: str, *rows) -> None:
    client.post(
        reverse(f"admin:training_{noun}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def test_publishing_is_an_action_that_plans_letters(client, boss: Person):
    session = make_session(state=Session.State.DRAFT)
    booking = make_booking(session, make_person())
    client.force_login(boss)

    act(client, "session", "publish", session)

    session.refresh_from_db()
    assert session.state == "published"
    assert booking.person.messages.exists()


def test_a_booking_is_taken_off_by_an_action(client, boss: Person):
    booking = make_booking()
    client.force_login(boss)

    act(client, "booking", "take_off", booking)

    booking.refresh_from_db()
    assert booking.state == "withdrawn"


def test_a_venues_new_name_reaches_the_sessions_to_come(client, boss: Person):
    venue = make_venue("Walworth Hall")
    session = make_session(venue=venue)
    client.force_login(boss)

    client.post(
        reverse("admin:training_venue_change", args=[venue.pk]),
        {
            "name": "Walworth House",
            "operators-TOTAL_FORMS": "0",
            "operators-INITIAL_FORMS": "0",
        },
    )

    session.refresh_from_db()
    assert session.venue_name == "Walworth House"


def test_sessions_are_exported(client, boss: Person):
    make_session("=Reading")
    client.force_login(boss)

    answer = client.post(
        reverse("admin:training_session_changelist"),
        {"action": "export_chosen", "_selected_action": [Session.objects.get().pk]},
    )

    sheet = b"".join(answer.streaming_content).decode()
    assert "Reading" in sheet
    assert "\n=Reading" not in sheet
