"""Letters that nobody answered for: what becomes of them, and who decides (R19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from dlp.drill.relay import GOOD, ChaosRelay
from dlp.errors import Refused
from dlp.outbox import operations
from dlp.outbox.delivery import housekeeping, sending
from dlp.outbox.delivery.relays import SmtpRelay, Timeouts, smtp_address
from dlp.outbox.kinds import Priority
from dlp.outbox.models import Attempt, Message
from dlp.outbox.tests.factories import (
    CODE,
    INVITATION,
    make_kind,
    make_kind_with_link,
    make_message,
    make_reader,
)
from dlp.outbox.tests.test_pages import sign_in

pytestmark = pytest.mark.django_db

KEPT, LOST = "drop after the final dot", "lose after the final dot"


@pytest.fixture
def chaos(settings, tmp_path):
    settings.MAILBOX_DIR, settings.RELAY_LOG = tmp_path, "none"
    with ChaosRelay(keeps_log=True) as relay:
        yield relay


def send(chaos, mode=GOOD):
    chaos.mode = mode
    sending.drain(SmtpRelay(smtp_address(chaos.url), Timeouts(connect=2, verb=1, answer=0.5)))


def send_into_silence(chaos, mode=KEPT, *, kind="test.note", **fields):
    message = make_message(kind=kind, **fields)
    send(chaos, mode)
    message.refresh_from_db()
    assert message.state == "uncertain"
    return message


def let_it_settle():
    Message.objects.update(updated_at=Now() - timedelta(minutes=16))
    housekeeping.housekeep()


@pytest.mark.parametrize(
    ("mode", "outcome"), [(KEPT, Attempt.Outcome.FOUND), (LOST, Attempt.Outcome.MISSING)]
)
def test_relay_that_can_be_asked_makes_every_letter_come_once(chaos, settings, mode, outcome):
    settings.RELAY_LOG = "mailbox"
    message = send_into_silence(chaos, mode)

    let_it_settle()
    send(chaos)

    message.refresh_from_db()
    assert (message.state, message.possible_duplicate) == ("sent", False)
    assert chaos.message_ids == [message.message_id]
    assert message.tries.get(number=0).outcome == outcome
    assert message.accepted_at >= message.data_started_at


def test_nobody_is_asked_before_the_relay_can_know(chaos, settings):
    settings.RELAY_LOG = "mailbox"
    message = send_into_silence(chaos)

    housekeeping.housekeep()

    message.refresh_from_db()
    assert message.state == "uncertain"


@pytest.mark.parametrize(
    ("priority", "to_go", "goes_again"),
    [
        (Priority.CANCELLATION, timedelta(minutes=5), True),
        (Priority.UPDATE, timedelta(minutes=5), True),
        (Priority.REMINDER, timedelta(hours=3), True),
        (Priority.REMINDER, timedelta(hours=1), False),
        (Priority.PERSONAL, timedelta(hours=3), False),
        (Priority.DIGEST, timedelta(hours=3), False),
    ],
)
def test_relay_that_cannot_be_asked_leaves_it_to_the_kind(chaos, priority, to_go, goes_again):
    make_kind(priority=priority)
    message = send_into_silence(chaos, not_after=timezone.now() + to_go)

    let_it_settle()
    send(chaos)

    message.refresh_from_db()
    assert message.state == ("sent" if goes_again else "uncertain")
    assert message.possible_duplicate is goes_again
    assert len(chaos.taken) == (2 if goes_again else 1)
    assert len(chaos.digests) == 1


def test_letter_is_sent_blindly_once_and_then_waits_for_somebody(chaos):
    make_kind(priority=Priority.UPDATE)
    message = send_into_silence(chaos)
    let_it_settle()
    send(chaos, KEPT)

    let_it_settle()
    let_it_settle()
    send(chaos)

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == ("uncertain", 2)
    assert message.tries.filter(outcome="repeated").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(message=message, number=0, outcome="repeated")


def test_letter_with_a_link_keeps_its_bytes_until_it_is_known_what_became_of_it(chaos, settings):
    make_kind_with_link(priority=Priority.UPDATE)
    message = send_into_silence(chaos, kind=INVITATION)
    let_it_settle()
    assert message.letter_bytes() == chaos.taken[0][1]

    send(chaos)
    housekeeping.housekeep()

    message.refresh_from_db()
    assert (message.state, message.frozen) == ("sent", None)
    assert len(chaos.digests) == 1


def test_code_that_was_erased_is_never_sent_blindly(chaos):
    make_kind(CODE, secret=True, priority=Priority.UPDATE)
    message = send_into_silence(chaos, kind=CODE, secret={"code": "417-209"})
    Message.objects.update(created_at=Now() - timedelta(minutes=16))
    housekeeping.housekeep()

    let_it_settle()

    message.refresh_from_db()
    assert (message.state, message.frozen) == ("uncertain", None)


def test_letter_that_may_have_arrived_is_not_written_anew_for_another_address(chaos):
    make_kind(priority=Priority.UPDATE)
    message = send_into_silence(chaos)
    let_it_settle()
    message.person.email = "new@example.org"
    message.person.save(update_fields=["email"])

    send(chaos)

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == ("dead", 1)


def test_letter_that_waits_to_go_once_more_counts_as_told_and_can_be_called_off(chaos):
    make_kind(priority=Priority.UPDATE)
    message = send_into_silence(chaos)
    let_it_settle()
    assert Message.objects.told().get() == message

    operations.cancel_for_person(message.person, reason="They left.")
    send(chaos)

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == ("cancelled", 1)


def test_letter_that_is_too_late_ends(chaos):
    message = send_into_silence(chaos)
    Message.objects.update(due_at=Now(), not_after=Now())

    let_it_settle()

    message.refresh_from_db()
    assert message.state == "dead"
    assert "too late" in message.state_reason


@pytest.fixture
def lena(client):
    lena = make_reader("lena@example.org", full_name="Lena Hart", is_staff=True)
    lena.groups.add(Group.objects.get(name="Coordinator"))
    sign_in(client, lena)
    return lena


def page(client, message, name="message", *, do="get"):
    return getattr(client, do)(reverse(f"outbox:{name}", args=[message.pk]))


def test_staff_say_that_it_arrived(chaos, client, lena):
    message = send_into_silence(chaos)
    let_it_settle()
    assert "It arrived" in page(client, message).content.decode()

    page(client, message, "message_arrived", do="post")
    send(chaos)

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == ("sent", 1)
    assert message.tries.get(number=0).by == lena


def test_staff_send_it_again_and_the_same_bytes_go(chaos, client, lena):
    message = send_into_silence(chaos)
    let_it_settle()

    page(client, message, "message_again", do="post")
    send(chaos)

    message.refresh_from_db()
    assert (message.state, message.possible_duplicate) == ("sent", True)
    assert (len(chaos.taken), len(chaos.digests)) == (2, 1)


def test_nothing_is_decided_before_the_relay_can_know(chaos, client, lena):
    message = send_into_silence(chaos)
    assert "It arrived" not in page(client, message).content.decode()

    for decide in (operations.confirm_arrival, operations.send_again):
        with pytest.raises(Refused, match="only just left"):
            decide(message, by=lena)


def test_nothing_is_decided_about_a_letter_whose_end_is_known(chaos, lena):
    message = make_message()

    for decide in (operations.confirm_arrival, operations.send_again):
        with pytest.raises(Refused, match="is known"):
            decide(message, by=lena)


def test_letter_of_no_more_use_is_not_sent_again(chaos, lena):
    message = send_into_silence(chaos)
    Message.objects.update(due_at=Now(), not_after=Now(), updated_at=Now() - timedelta(minutes=16))

    with pytest.raises(Refused, match="too late"):
        operations.send_again(message, by=lena)


def test_erased_code_is_not_sent_again(chaos, lena):
    make_kind(CODE, secret=True)
    message = send_into_silence(chaos, kind=CODE, secret={"code": "417-209"})
    Message.objects.update(frozen=None, updated_at=Now() - timedelta(minutes=16))

    with pytest.raises(Refused, match="new code"):
        operations.send_again(message, by=lena)
