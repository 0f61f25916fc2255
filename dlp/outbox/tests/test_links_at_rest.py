"""Letters with a signed link: ordinary in when they leave, and readable in no table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from dlp.outbox import kinds, operations
from dlp.outbox.delivery import claims, housekeeping, sending
from dlp.outbox.kinds import Priority
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import (
    INVITATION,
    LINK,
    deliver,
    make_kind,
    make_kind_with_link,
    make_message,
    make_reader,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    make_kind_with_link()
    return make_message(kind=INVITATION)


def test_letter_with_a_link_waits_like_any_other(invitation):
    note = make_message(make_reader("bo@example.org"))

    assert invitation.priority == note.priority == Priority.PERSONAL
    assert invitation.not_after - invitation.due_at == note.not_after - note.due_at
    assert not invitation.is_secret


def test_quiet_hours_hold_a_letter_with_a_link():
    night = timezone.now().replace(month=1, day=15, hour=2, minute=30)
    make_kind_with_link()

    message = make_message(kind=INVITATION, due_at=night, not_after=night + timedelta(days=1))

    assert message.due_at.hour == 7


def test_link_is_sealed_while_the_letter_leaves(invitation):
    written_down(invitation)

    assert b"abcDEF" not in bytes(invitation.frozen)
    assert LINK.encode() in invitation.letter_bytes()


def test_link_is_erased_when_it_was_sent_and_the_rest_is_kept(invitation, settings):
    (letter,) = deliver(settings)

    invitation.refresh_from_db()
    assert LINK in letter.get_body(("plain",)).get_content()
    assert (invitation.state, invitation.frozen) == ("sent", None)
    assert invitation.message_id == letter["Message-ID"]
    assert invitation.accepted_at
    assert invitation.frozen_at
    assert invitation.tries.get().outcome == "sent"


def test_second_try_sends_the_same_sealed_bytes(invitation, settings):
    held, first = written_down(invitation)
    fail(held, invitation)
    make_kind(INVITATION, holds_link=True)  # what it would say by now

    (letter,) = deliver(settings)

    assert letter.as_bytes().endswith(
        first.replace(b"\r\n", b"\n")
    )  # after the mailbox's own header


def test_letter_that_was_given_up_keeps_its_bytes_for_a_try_by_hand(invitation, settings):
    held, first = written_down(invitation)
    fail(held, invitation, is_final=True)
    housekeeping.housekeep()

    invitation.refresh_from_db()
    assert invitation.state == "dead"
    assert invitation.letter_bytes() == first
    operations.retry_message(invitation, by=make_reader("lena@example.org", is_staff=True))
    assert len(deliver(settings)) == 1


def test_uncertain_letter_keeps_its_bytes_while_they_may_be_sent_again(invitation):
    _, first = written_down(invitation)
    Message.objects.update(lease_until=Now())
    housekeeping.housekeep()

    invitation.refresh_from_db()
    assert invitation.state == "uncertain"
    assert invitation.letter_bytes() == first


@pytest.mark.parametrize("is_final", [True, False])
def test_link_is_erased_once_it_is_too_late_to_send_it(invitation, is_final):
    held, _ = written_down(invitation)
    fail(held, invitation, is_final=is_final)
    past = timezone.now() - timedelta(hours=1)
    Message.objects.update(due_at=past, not_after=past)

    housekeeping.housekeep()

    invitation.refresh_from_db()
    assert (invitation.state, invitation.frozen) == ("dead" if is_final else "expired", None)


def test_link_is_erased_when_its_letter_is_called_off(invitation):
    held, _ = written_down(invitation)
    fail(held, invitation)
    operations.cancel_for_person(invitation.person, reason="They left.")

    housekeeping.housekeep()

    invitation.refresh_from_db()
    assert (invitation.state, invitation.frozen) == ("cancelled", None)


def test_letter_sealed_under_a_key_that_is_gone_is_given_up_and_holds_up_nobody(
    invitation, settings
):
    held, _ = written_down(invitation)
    fail(held, invitation)
    make_message(make_reader("bo@example.org"))
    settings.SEALING_KEY = "another-sealing-key-0123456789abcdef"
    for _ in range(3):
        deliver(settings)
        Message.objects.update(next_attempt_at=Now())

    invitation.refresh_from_db()
    assert invitation.state == "dead"
    assert "SEALING_KEY no longer holds" in invitation.state_reason
    assert Message.objects.filter(state="sent").count() == 1


def written_down(message):
    """Take a letter past the point of no return; the claim, and what the relay would be given."""
    held = claims.claim()
    kind = kinds.get(message.kind)
    content = sending._mark(held, held.messages[0], kind, "ada@example.org")
    message.refresh_from_db()
    return held, content


def fail(held, message, *, is_final=False):
    outcome = claims.Outcome.DECLINED
    claims.record_failure(held, message, outcome, "Not now.", stage="body", is_final=is_final)
    Message.objects.update(next_attempt_at=Now())
