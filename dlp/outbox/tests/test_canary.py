"""The canary: a letter to ourselves, every quarter of an hour, and who hears when it is not taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from dlp.outbox.attention import lines
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver, make_reader
from dlp.outbox.watch import canary, gauges

pytestmark = pytest.mark.django_db

MAILBOX = "canary@example.org"


@pytest.fixture
def lena(db):
    return make_reader("lena@example.org", is_staff=True)


@pytest.fixture
def quarter(monkeypatch):
    """The database's clock, set to the beginning of a quarter of an hour and moved by hand."""
    now = [timezone.now().replace(minute=15, second=0, microsecond=0) - timedelta(hours=2)]
    monkeypatch.setattr(canary, "database_now", lambda: now[0])
    return now


def titles(person) -> list[str]:
    return [line.title for line in lines(person, timezone.localdate())]


def test_it_sings_once_a_quarter_of_an_hour_however_often_it_is_asked(settings, quarter):
    settings.CANARY_ADDRESS = MAILBOX
    began = quarter[0]
    for minutes in (0, 1, 14, 15, 29):
        quarter[0] = began + timedelta(minutes=minutes)
        canary.sing()
        canary.sing()

    assert Message.objects.count() == 2


def test_without_a_mailbox_none_sings(settings):
    settings.CANARY_ADDRESS = ""

    canary.sing()

    assert not Message.objects.exists()


def test_it_goes_the_way_of_all_letters_and_at_night(settings):
    settings.CANARY_ADDRESS, settings.QUIET_HOURS = MAILBOX, True
    canary.sing()

    (letter,) = deliver(settings)

    assert letter["To"] == MAILBOX
    assert letter["Subject"].startswith("Canary ")
    sent = Message.objects.get(state="sent")
    assert not sent.is_secret
    assert not Message.objects.sent().exists()


def test_desk_says_when_one_was_not_taken_in_five_minutes(settings, lena):
    settings.CANARY_ADDRESS = MAILBOX
    canary.sing()
    assert titles(lena) == []

    six_ago = timezone.now() - timedelta(minutes=6)
    Message.objects.update(due_at=six_ago, next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert titles(lena) == ["The last test letter to ourselves was not taken"]
    signs = {one.label: one.sign for one in gauges.watch().gauges}
    assert signs["The last test letter to ourselves"] == "bad"


def test_next_one_that_is_taken_is_enough(settings, lena):
    settings.CANARY_ADDRESS = MAILBOX
    canary.sing()
    deliver(settings)
    Message.objects.update(due_at=timezone.now() - timedelta(minutes=6))

    assert titles(lena) == []
    assert (
        gauges.Gauge("The last test letter to ourselves", "was taken in time.")
        in gauges.watch().gauges
    )


def test_one_that_came_too_late_is_no_letter_that_somebody_missed(settings, lena):
    settings.CANARY_ADDRESS = MAILBOX
    canary.sing()
    long_ago = timezone.now() - timedelta(hours=3)
    Message.objects.update(state="expired", due_at=long_ago, not_after=long_ago)

    assert titles(lena) == []


def test_mailbox_has_to_be_an_address(settings):
    settings.CANARY_ADDRESS = "our mailbox"

    assert "outbox.E005" in [found.id for found in run_checks(tags=["outbox"])]
