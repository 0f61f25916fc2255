"""Letters that somebody keeps back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse

from dlp.errors import Refused
from dlp.outbox import operations
from dlp.outbox.delivery import claims, housekeeping
from dlp.outbox.models import Message
from dlp.outbox.models.states import UNTIL_RELEASED
from dlp.outbox.tests.factories import CODE, deliver, make_kind, make_message, make_reader
from dlp.outbox.tests.test_planning import reconcile, wanted
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena():
    lena = make_reader("lena@example.org", full_name="Lena Hart", is_staff=True)
    lena.groups.add(Group.objects.get(name="Coordinator"))
    return lena


def hold(message, lena):
    return operations.hold_message(message, by=lena, reason="Ada is in hospital.")


def test_held_letter_stays_until_somebody_releases_it(lena, settings):
    message = hold(make_message(), lena)

    assert not claims.anything_due()
    assert deliver(settings) == []

    operations.release_message(message, by=lena)
    assert claims.anything_due()
    assert len(deliver(settings)) == 1
    decided = message.tries.filter(outcome="decided")
    assert [one.words for one in decided] == ["Held: Ada is in hospital.", "Released."]
    assert {one.by for one in decided} == {lena}


def test_letter_held_for_a_time_leaves_when_it_is_over(settings):
    message = make_message()
    Message.objects.update(held_until=Now() + timedelta(hours=1))
    assert deliver(settings) == []

    Message.objects.update(held_until=Now())

    assert len(deliver(settings)) == 1
    message.refresh_from_db()
    assert message.held_until is None


def test_what_a_sender_holds_but_has_not_begun_can_still_be_held(lena, settings):
    message = make_message()
    claim = claims.claim()
    hold(message, lena)

    claims.record_sent(claim, message, code=250)

    message.refresh_from_db()
    assert (message.state, message.held_until) == ("planned", UNTIL_RELEASED)


def test_held_letter_stays_held_when_the_plan_moves_it(lena, settings):
    make_kind()
    reader = make_reader()
    reconcile(wanted(reader))
    hold(Message.objects.get(), lena)

    assert reconcile(wanted(reader, days=5)).moved == 1

    moved = Message.objects.get()
    assert moved.due_at == wanted(reader, days=5).due_at
    assert moved.is_held
    assert moved.state_reason == "Held, as it was before it moved."


def test_who_comes_back_finds_a_held_letter_held(lena):
    make_kind()
    reader = make_reader()
    reconcile(wanted(reader))
    hold(Message.objects.get(), lena)
    reconcile()
    assert Message.objects.get().state == "cancelled"

    reconcile(wanted(reader))

    assert Message.objects.get().is_held


def test_held_letter_that_becomes_too_late_is_not_sent(lena, settings):
    message = hold(make_message(), lena)
    Message.objects.update(due_at=Now() - timedelta(hours=1), not_after=Now())

    assert housekeeping.housekeep().expired == 1
    operations.release_message(message, by=lena)

    assert deliver(settings) == []
    message.refresh_from_db()
    assert message.state == "expired"


def test_letter_that_has_left_or_holds_a_code_is_not_held(lena, settings):
    message = make_message()
    deliver(settings)
    with pytest.raises(Refused, match="“sent”, so it cannot be held now"):
        hold(message, lena)

    make_kind(CODE, secret=True)
    with pytest.raises(Refused, match="lives for minutes"):
        hold(make_message(message.person, kind=CODE, secret={"code": "1"}), lena)


def test_letter_that_leaves_is_never_held():
    make_message()
    claims.claim()

    with pytest.raises(IntegrityError, match="message_held_has_not_left"), transaction.atomic():
        Message.objects.update(held_until=Now())


def test_letter_is_held_and_released_on_its_page_with_the_reason(lena):
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(lena)
    message = make_message()
    hold_url = reverse("outbox:message_hold", args=[message.pk])

    client.post(hold_url, {"reason": "Ada is in hospital."})
    shown = client.get(message.get_absolute_url()).content.decode()
    assert "Held: Ada is in hospital." in shown
    assert "Release it" in shown
    assert hold_url not in shown

    client.post(reverse("outbox:message_release", args=[message.pk]))
    message.refresh_from_db()
    assert not message.is_held
    assert "Release it" not in client.get(message.get_absolute_url()).content.decode()
