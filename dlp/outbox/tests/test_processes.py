"""Senders that are killed, that race one another, and that nobody rings: with real commits."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dlp import ringing
from dlp.drill import relay
from dlp.drill.relay import ChaosRelay
from dlp.embedded import mailbox
from dlp.outbox.delivery import doorbell, failpoints, housekeeping, sending
from dlp.outbox.delivery.relays import LocalMailboxRelay
from dlp.outbox.models import Message, SenderRound
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


@pytest.fixture
def logging(settings, tmp_path):
    """A relay that can be asked, and at once."""
    settings.MAILBOX_DIR, settings.RELAY_LOG, settings.SETTLE_SECONDS = tmp_path, "mailbox", 0
    with ChaosRelay(keeps_log=True) as relay:
        settings.EMAIL_URL = relay.url
        yield relay


@pytest.mark.parametrize(
    ("failpoint", "state", "arrives"),
    [
        ("claimed", "sent", 1),
        ("addressed", "sent", 1),
        ("written", "sent", 1),
        ("marked", "uncertain", 0),
        ("in the body", "uncertain", 0),
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


@pytest.mark.parametrize("failpoint", ["claimed", "addressed", "marked", "in the body"])
def test_sender_that_stood_still_while_another_took_over_sends_nothing(logging, failpoint):
    make_message()

    with standing_still_at(failpoint, logging, lease="1") as sender:
        take_over()
        assert len(logging.taken) == 1
        go_on(sender)

    assert len(logging.taken) == 1
    assert Message.objects.get().state == "sent"


def test_it_is_the_length_of_the_try_that_keeps_a_sleeper_from_sending(logging):
    """The control of the test above: a sender whose try may outlast the lease does send twice."""
    make_message()

    with standing_still_at("marked", logging, lease="600") as sender:
        Message.objects.update(lease_until=Now())
        take_over()
        go_on(sender)

    assert len(logging.taken) == 2


@contextmanager
def standing_still_at(failpoint: str, relay: ChaosRelay, *, lease: str):
    changes = {"FAILPOINTS": "1", "FAILPOINT": failpoint, "FAILPOINT_SIGNAL": "SIGSTOP"}
    with running(DRAIN, EMAIL_URL=relay.url, LEASE_SECONDS=lease, **changes) as sender:
        os.waitid(os.P_PID, sender.pid, os.WSTOPPED)
        yield sender


def go_on(sender: subprocess.Popen[str]) -> None:
    """Until it has ended; it may pass its failpoint again."""

    def has_ended() -> bool:
        sender.send_signal(signal.SIGCONT)
        return sender.poll() == 0

    wait_until(has_ended)


def take_over() -> None:
    """Wait for the lease to end, clear up, ask the relay's log at once, and send."""
    left = Message.objects.filter(state="claimed", lease_until__lte=Now())
    wait_until(left.exists)
    housekeeping.housekeep()
    housekeeping.housekeep()
    sending.drain()


class Cuts(LocalMailboxRelay):
    """Takes the letter, and then the sender's connection to the database breaks."""

    def hand_over(self, content: bytes) -> int:
        code = super().hand_over(content)
        with connection.get_new_connection(connection.get_connection_params()) as other:
            other.execute(
                "SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid]
            )
        return code


def test_database_that_breaks_off_after_the_answer_is_told_again(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path
    make_message()

    sending.drain(Cuts())

    assert Message.objects.get().state == "sent"
    assert len(mailbox.newest()) == 1


@pytest.mark.parametrize(("log", "state"), [("mailbox", "sent"), ("none", "uncertain")])
def test_answer_that_could_not_be_written_down_is_asked_for(
    settings, tmp_path, monkeypatch, log, state
):
    settings.MAILBOX_DIR, settings.RELAY_LOG, settings.SETTLE_SECONDS = tmp_path, log, 0
    monkeypatch.setattr(sending, "PAUSES_OF_THE_DATABASE", ())
    make_message()
    with pytest.raises(OperationalError):
        sending.drain(Cuts())
    connection.close()
    Message.objects.update(lease_until=Now())

    housekeeping.housekeep()
    housekeeping.housekeep()
    sending.drain()

    assert Message.objects.get().state == state
    assert len(mailbox.newest()) == 1


def test_nothing_is_sent_that_cannot_be_marked(settings, tmp_path):
    class BeforeTheMark(LocalMailboxRelay):
        def address(self, sender: str, recipient: str) -> None:
            super().address(sender, recipient)
            with connection.cursor() as cursor:
                cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    settings.MAILBOX_DIR = tmp_path
    make_message()
    with pytest.raises(DatabaseError):
        sending.drain(BeforeTheMark())
    assert mailbox.newest() == []
    connection.close()
    Message.objects.update(lease_until=Now())

    housekeeping.housekeep()
    sending.drain()

    assert len(mailbox.newest()) == 1


def test_letter_costs_two_commits_and_its_share_of_the_claim(chaos):
    for number in range(10):
        make_message(make_reader(f"p{number}@example.org"))

    with CaptureQueriesContext(connection) as captured:
        sending.drain()

    said = [query["sql"].split()[0] for query in captured]
    alone = said.count("WITH")  # a statement outside a transaction commits by itself
    assert len(chaos.taken) == 10
    assert said.count("COMMIT") + alone <= 2 * 10 + 4
    assert len(said) <= 5 * 10 + 7


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
    monkeypatch.setattr(ringing, "current_app", broken)
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
