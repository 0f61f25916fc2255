"""Letters that come back: who is told, and what takes the mark away."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts import audience
from cohorts.attention import people_waiting
from cohorts.letters import INVITATION
from cohorts.operations.people import edit_person, forget_bounce, invite_person, note_bounce
from dlp.drill.relay import GOOD, ChaosRelay
from dlp.outbox.delivery import sending
from dlp.outbox.delivery.relays import SmtpRelay, Timeouts, smtp_address
from dlp.outbox.mailing import audiences
from dlp.outbox.models import Message
from dlp.signin.operations import change_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay(settings):
    settings.QUIET_HOURS = False
    with ChaosRelay() as chaos:
        yield chaos


def send(chaos) -> None:
    sending.drain(SmtpRelay(smtp_address(chaos.url), Timeouts(connect=2, verb=1, answer=1)))


@pytest.mark.parametrize(
    ("answer", "bounces"),
    [
        ("550 at RCPT", True),
        ("554 at RCPT", False),  # it is us whom the relay does not want
        ("452 at RCPT", False),
        ("552 after the body", False),
        (GOOD, False),
    ],
)
def test_an_address_that_a_relay_refuses_for_good_is_remembered(relay, percy, answer, bounces):
    invite_person(percy)
    relay.mode = answer

    send(relay)

    percy.refresh_from_db()
    assert percy.letters_bounce is bounces
    assert Message.objects.filter(kind=INVITATION, person=percy).count() == 1


@pytest.mark.parametrize("put_right", ["another address", "tried again"])
def test_what_was_refused_goes_once_the_address_is_put_right(relay, lena, percy, put_right):
    invite_person(percy)
    relay.mode = "550 at RCPT"
    send(relay)
    relay.mode = GOOD

    if put_right == "tried again":
        forget_bounce(percy, by=lena)
    else:
        edit_person(percy, by=lena, email="percy@new.example.org")
    send(relay)

    percy.refresh_from_db()
    assert Message.objects.get(kind=INVITATION).state == "sent"
    assert percy.email in [recipient for recipient, _ in relay.taken]


def page_of(client, viewer, person) -> str:
    client.force_login(viewer)
    return client.get(person.get_absolute_url()).content.decode()


def on_the_desk(viewer) -> list[str]:
    return [line.title for line in people_waiting(viewer, timezone.localdate())]


def test_staff_see_that_letters_bounce_and_take_it_back(client, lena, percy):
    note_bounce(percy.pk, "Percy@example.org")
    assert "Letters to percy@example.org come back" in page_of(client, lena, percy)
    assert f"Letters to {percy} come back" in on_the_desk(lena)
    assert audiences.recipients(lena, "people", "").left_out == [(percy, audience.BOUNCED)]

    client.post(reverse("cohorts:letters_arrive", args=[percy.pk]))

    assert "come back" not in page_of(client, lena, percy)
    assert f"Letters to {percy} come back" not in on_the_desk(lena)


def test_somebody_reads_on_their_account_that_letters_bounce(client, percy):
    note_bounce(percy.pk, "percy@example.org")
    client.force_login(percy)

    assert "come back" in client.get(reverse("signin:account")).content.decode()


def test_another_address_takes_the_mark_away_however_it_changes(lena, percy):
    note_bounce(percy.pk, "percy@example.org")

    assert not edit_person(percy, by=lena, email="percy@new.example.org").letters_bounce
    note_bounce(percy.pk, "percy@new.example.org")
    assert not change_address(percy, "percy@other.example.org", by=percy).letters_bounce


def test_a_refusal_that_comes_after_the_address_changed_marks_nothing(lena, percy):
    edit_person(percy, by=lena, email="percy@new.example.org")

    note_bounce(percy.pk, "percy@example.org")

    percy.refresh_from_db()
    assert not percy.letters_bounce
    assert not percy.bounced_email
