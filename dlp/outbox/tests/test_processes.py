"""Senders that are killed, that race one another, and that nobody rings: with real commits."""

from __future__ import annotations

import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from celery import Celery
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from dlp.drill import relay
from dlp.outbox import doorbell, failpoints, housekeeping, sending
from dlp.outbox.models import Message, SenderRound
from dlp.outbox.tests.chaos import ChaosRelay
from dlp.outbox.tests.factories import make_message, make_reader
from dlp.outbox.tests.processes import (
    DRAIN,
    LOOP,
    PATIENCE,
    looking_every,
    running,
    start,
    wait_until,
)

pytestmark = [pytest.mark.commits, pytest.mark.django_db(transaction=True)]

NOWHERE = "unix:///nowhere/valkey.sock"
ONE_TRY = 30
"""Seconds that are plenty to find a broker away, and too few to ask it again and again."""


@pytest.fixture
def chaos(settings):
    with ChaosRelay() as relay:
        settings.EMAIL_URL = relay.url
        yield relay


@pytest.mark.parametrize(
    ("failpoint", "state", "arrives"),
    [
        ("claimed", "sent", 1),
        ("addressed", "sent", 1),
        ("marked", "uncertain", 0),
        ("handed over", "uncertain", 1),
        ("recorded", "sent", 1),
    ],
)
def test_killed_sender_never_causes_a_second_letter(chaos, failpoint, state, arrives):
    assert failpoint in failpoints.NAMES
    message = make_message()

    sender = start(DRAIN, EMAIL_URL=chaos.url, FAILPOINTS="1", FAILPOINT=failpoint)
    said, _ = sender.communicate(timeout=PATIENCE)
    assert sender.returncode == -signal.SIGKILL, said
    Message.objects.filter(state="claimed").update(lease_until=Now())
    housekeeping.housekeep()
    sending.drain()

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == (state, arrives)
    assert message.tries.count() == message.attempts
    if state == "uncertain":
        assert message.state_reason.endswith("it may have arrived.")


def test_failpoints_are_closed_unless_the_setting_opens_them(chaos):
    make_message()

    sender = start(DRAIN, EMAIL_URL=chaos.url, FAILPOINT="claimed")
    sender.communicate(timeout=PATIENCE)

    assert sender.returncode == 0
    assert len(chaos.taken) == 1


def test_three_senders_at_once_send_each_letter_once(chaos):
    for number in range(60):
        make_message(make_reader(f"p{number}@example.org"))

    senders = [start(DRAIN, EMAIL_URL=chaos.url) for _ in range(3)]
    for sender in senders:
        said, _ = sender.communicate(timeout=PATIENCE)
        assert sender.returncode == 0, said

    assert set(Counter(chaos.message_ids).values()) == {1}
    assert len(chaos.taken) == Message.objects.filter(state="sent").count() == 60


def is_listening() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN outbox%'")
        return bool(cursor.fetchone()[0])


def has_looked() -> bool:
    return SenderRound.objects.exists()


def test_commit_itself_wakes_the_loop_though_the_broker_is_dead(chaos, settings, monkeypatch):
    broken = Celery("broken", broker="redis+socket:///nowhere/valkey.sock", set_as_current=False)
    broken.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(doorbell, "current_app", broken)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    with running(looking_every(3600), EMAIL_URL=chaos.url, REDIS_URL=NOWHERE):
        wait_until(is_listening)
        wait_until(has_looked)

        began = time.monotonic()
        with transaction.atomic():
            make_message(make_reader())
        assert time.monotonic() - began < ONE_TRY

        wait_until(lambda: bool(chaos.taken))
    assert doorbell._silent_until > 0


def test_letter_that_falls_due_is_found_without_any_ring(chaos):
    message = make_message(due_at=timezone.now() + timedelta(hours=1))
    with running(looking_every(1), EMAIL_URL=chaos.url, REDIS_URL=NOWHERE):
        wait_until(is_listening)

        Message.objects.update(due_at=Now(), next_attempt_at=Now())
        wait_until(lambda: bool(chaos.taken))

    message.refresh_from_db()
    assert message.message_id in chaos.message_ids


def test_loop_ends_when_it_is_told_to(chaos):
    with running(LOOP, EMAIL_URL=chaos.url) as loop:
        wait_until(has_looked)
        loop.send_signal(signal.SIGTERM)

        assert loop.wait(timeout=PATIENCE) == 0


def test_loop_finishes_the_letter_in_hand_and_claims_no_other(chaos, monkeypatch):
    monkeypatch.setattr(relay, "SLOW_SECONDS", 5)  # so long that it is told to stop meanwhile
    chaos.mode = "slow after the final dot"
    for number in range(3):
        make_message(make_reader(f"p{number}@example.org"))
    with running(LOOP, EMAIL_URL=chaos.url) as loop:
        wait_until(lambda: bool(chaos.taken))
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(timeout=PATIENCE) == 0

    states = Counter(Message.objects.values_list("state", flat=True))
    assert states == {"sent": 1, "planned": 2}


def test_loop_outlives_a_database_that_drops_its_connections(chaos):
    with running(LOOP, EMAIL_URL=chaos.url):
        wait_until(is_listening)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        make_message()

        wait_until(lambda: bool(chaos.taken))
