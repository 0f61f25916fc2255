"""That the drill counts right: each way of losing or doubling a letter is seen, and nothing else."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from dlp.drill import verdict
from dlp.drill.relay import FAULTS, ChaosRelay
from dlp.drill.relay_faults import FAULT_RATE, RARELY, RelayFaults
from dlp.drill.senders import Kills
from dlp.outbox.delivery import sending
from dlp.outbox.delivery.relays import SmtpRelay, smtp_address
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import make_message, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken():
    """Two letters that left, as the relay took them."""
    make_message()
    make_message(make_reader("bo@example.org"))
    with ChaosRelay() as relay:
        sending.drain(SmtpRelay(smtp_address(relay.url)))
    return relay.taken


def test_letters_that_came_once_are_neither_lost_nor_duplicated(taken):
    found = verdict.count(taken)

    assert (found.messages, found.lost, found.duplicated, found.flagged) == (2, 0, 0, 0)
    assert found.is_good


def test_letter_that_came_again_is_duplicated(taken):
    found = verdict.count([*taken, taken[0]])

    assert (found.lost, found.duplicated, found.flagged) == (0, 1, 0)
    assert not found.is_good


def test_letter_that_came_again_and_says_so_is_flagged(taken):
    Message.objects.update(possible_duplicate=True)

    found = verdict.count([*taken, taken[0], taken[0]])

    assert (found.duplicated, found.flagged, found.is_good) == (0, 2, True)


def test_letter_that_is_said_to_be_sent_and_never_came_is_lost(taken):
    assert verdict.count(taken[:1]).lost == 1


@pytest.mark.parametrize(
    ("state", "code", "lost"),
    [("planned", None, 1), ("dead", None, 1), ("dead", 451, 1), ("dead", 550, 0)],
)
def test_letter_that_should_have_left_is_lost(taken, state, code, lost):
    message = make_message(make_reader("cy@example.org"))
    Message.objects.filter(pk=message.pk).delete()
    message.state, message.last_code = state, code
    message.save(force_insert=True)

    assert verdict.count(taken).lost == lost


def test_letter_for_another_day_is_not_counted(taken):
    make_message(make_reader("cy@example.org"), due_at=timezone.now() + timedelta(hours=1))

    assert (verdict.count(taken).messages, verdict.count(taken).lost) == (2, 0)


def test_letter_in_other_words_and_letter_from_nowhere_are_seen(taken):
    recipient, content = taken[0]
    stranger = content.replace(b"Message-ID: <", b"Message-ID: <x")

    found = verdict.count([*taken, (recipient, stranger), (recipient, content + b"More.\r\n")])

    assert (found.rewritten, found.unknown, found.duplicated) == (1, 1, 1)


def test_letter_that_nobody_can_tell_of_is_uncertain_and_not_lost():
    make_message()
    Message.objects.update(data_started_at=Now())
    Message.objects.update(state="claimed", lease_token=Message.objects.get().pk, lease_until=Now())
    Message.objects.update(state="uncertain", lease_token=None, lease_until=None)

    assert (verdict.count([]).uncertain, verdict.count([]).lost) == (1, 0)


def test_report_has_the_lines_that_others_read(taken):
    said = verdict.in_words(verdict.count([*taken, taken[0]]), Kills(at_random=3, at_failpoints=2))

    assert {"lost: 0", "duplicated: 1", "kills: 5 (3 at random, 2 at failpoints)"} <= set(said)


def test_every_fault_is_drawn_until_they_are_switched_off():
    faults = RelayFaults(random.Random(1))
    modes = [faults() for _ in range(5_000)]
    assert FAULT_RATE * 0.8 < 1 - modes.count("good") / len(modes) < FAULT_RATE * 1.2
    assert len(set(modes) - {"good"}) == len(FAULTS) - len(RARELY)

    faults.are_off = True
    assert {faults() for _ in range(100)} == {"good"}
