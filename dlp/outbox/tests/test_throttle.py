"""How fast letters go, in which order, and what a crowded relay changes (R23, R20)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from dlp.drill.relay import GOOD, ChaosRelay
from dlp.outbox.delivery import claims, housekeeping, sending, throttle
from dlp.outbox.delivery.relays import SmtpRelay, smtp_address
from dlp.outbox.kinds import Letter, Priority
from dlp.outbox.models import Attempt, Message, RelayState
from dlp.outbox.tests.factories import CODE, make_kind, make_message, make_reader

pytestmark = pytest.mark.django_db

RELAY = "mail.example.org:465"
BULK, URGENT = "test.bulk", "test.urgent"


@pytest.fixture
def five_a_second(settings):
    settings.RELAY_RATE = 5


@pytest.fixture
def chaos():
    with ChaosRelay() as relay:
        yield relay


def let_seconds_pass(seconds):
    RelayState.objects.update(refilled_at=Now() - timedelta(seconds=seconds))


def relay_of(chaos):
    return SmtpRelay(smtp_address(chaos.url))


def make_many(count, kind, **fields):
    for number in range(count):
        make_message(make_reader(f"p{number}@example.org"), kind=kind, **fields)


def test_no_more_leave_in_a_second_than_the_relay_takes(five_a_second):
    assert [throttle.take(RELAY, 3), throttle.take(RELAY, 3), throttle.take(RELAY, 3)] == [3, 2, 0]

    let_seconds_pass(0.5)
    assert throttle.take(RELAY, 10) == 2
    let_seconds_pass(3_600)
    assert throttle.take(RELAY, 10) == 5


def test_without_a_rate_all_may_go_and_no_table_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert throttle.take(RELAY, 10) == 10
        throttle.give_back(RELAY, 10)


def test_what_was_not_needed_is_put_back(five_a_second):
    throttle.take(RELAY, 5)
    throttle.give_back(RELAY, 4)

    assert throttle.take(RELAY, 10) == 4


def test_clock_that_was_set_back_lends_nothing_and_stops_nobody_for_long(five_a_second):
    throttle.take(RELAY, 5)
    let_seconds_pass(-7_200)

    assert throttle.take(RELAY, 5) == 0
    let_seconds_pass(1)
    assert throttle.take(RELAY, 5) == 5


def test_each_relay_has_a_bucket_of_its_own(five_a_second):
    throttle.take(RELAY, 5)

    assert throttle.take("other.example.org:465", 5) == 5


def test_code_leaves_though_the_bucket_is_empty(chaos, five_a_second):
    make_kind(CODE, secret=True, render=lambda m: Letter("Code", "1", ""))
    make_message(make_reader("bo@example.org"))
    code = make_message(kind=CODE, secret={"code": "1"})
    relay = relay_of(chaos)
    RelayState.objects.create(name=relay.name, tokens=0)

    sending.drain(relay, should_stop=lambda: bool(chaos.taken))

    code.refresh_from_db()
    assert chaos.message_ids == [code.message_id]


def test_letters_wait_for_the_bucket_and_then_leave(chaos, five_a_second, monkeypatch):
    monkeypatch.setattr(sending, "FILLS_A_LITTLE", 0.0)
    make_many(12, BULK)

    done = sending.drain(relay_of(chaos))

    assert done["sent"] == len(chaos.taken) == 12


@pytest.mark.parametrize(
    ("priority", "is_urgent"), [(Priority.UPDATE, True), (Priority.BULK, False)]
)
def test_urgent_letter_overtakes_a_bulk_on_its_way(chaos, priority, is_urgent):
    planned = []

    def first_is_followed_by_an_urgent_one(message):
        if not planned:
            planned.append(make_message(make_reader("urgent@example.org"), kind=URGENT))
        return Letter("News", "All of it.\n", "<p>All of it.</p>")

    make_kind(URGENT, priority=priority)
    make_kind(BULK, priority=Priority.BULK, render=first_is_followed_by_an_urgent_one)
    make_many(25, BULK)

    sending.drain(relay_of(chaos))

    position = [address for address, _ in chaos.taken].index("urgent@example.org")
    assert (position == claims.BATCH) is is_urgent
    assert len(chaos.taken) == 26


def test_more_urgent_kinds_go_first(chaos):
    now = timezone.now()
    reminder = make_kind("test.reminder", priority=Priority.REMINDER)
    for kind, priority in (
        (BULK, Priority.BULK),
        ("test.personal", Priority.PERSONAL),
        ("test.update", Priority.UPDATE),
        ("test.cancel", Priority.CANCELLATION),
    ):
        make_kind(kind, priority=priority)
        make_message(make_reader(f"{kind}@example.org"), kind=kind)
    for name, hours in (("tomorrow", 20), ("now", 1.5)):
        reader = make_reader(f"{name}@example.org")
        make_message(reader, kind=reminder.name, not_after=now + timedelta(hours=hours))

    sending.drain(relay_of(chaos))

    assert [address.partition("@")[0] for address, _ in chaos.taken] == [
        "test.cancel",
        "test.update",
        "now",
        "test.personal",
        "tomorrow",
        "test.bulk",
    ]


@contextmanager
def other_sender(relay: str) -> Iterator[None]:
    """Another process that holds one of the relay's lanes."""
    other = connection.get_new_connection(connection.get_connection_params())
    other.autocommit = True
    key = throttle.key_of(relay)
    other.execute(
        "SELECT lane FROM generate_series(1, 9) AS lane WHERE pg_try_advisory_lock(%s, lane) LIMIT 1",
        [key],
    )
    try:
        yield
    finally:
        other.execute("SELECT pg_advisory_unlock_all()")  # closing is heard a moment later
        other.close()


def test_so_many_connections_at_once_and_no_more(settings):
    settings.RELAY_CONNECTIONS = 2
    with other_sender(RELAY):
        with throttle.lane(RELAY) as is_free:
            assert is_free
        with other_sender(RELAY), throttle.lane(RELAY) as is_free:
            assert not is_free
    with throttle.lane(RELAY) as is_free:
        assert is_free


def test_sender_without_a_lane_leaves_letters_to_the_others(chaos, settings):
    settings.RELAY_CONNECTIONS = 1
    message, relay = make_message(), relay_of(chaos)

    with other_sender(relay.name):
        assert not sending.drain(relay)

    message.refresh_from_db()
    assert (message.state, chaos.connections) == ("planned", 0)
    assert sending.drain(relay)["sent"] == 1


@pytest.mark.parametrize("mode", ["421 at MAIL", "432 after the body"])
def test_crowded_relay_gets_one_connection_and_each_letter_later(chaos, settings, mode):
    settings.RELAY_CONNECTIONS = 3
    make_many(3, BULK)
    chaos.mode, relay = mode, relay_of(chaos)

    sending.drain(relay)

    put_off = Message.objects.get(state="retry")
    assert put_off.tries.get().outcome == "crowded"
    assert 60 <= (put_off.next_attempt_at - timezone.now()).total_seconds() + 5 <= 305
    assert Message.objects.filter(state="planned", attempts=0).count() == 2
    with other_sender(relay.name), throttle.lane(relay.name) as is_free:
        assert not is_free
    RelayState.objects.update(crowded_until=Now())
    with other_sender(relay.name), throttle.lane(relay.name) as is_free:
        assert is_free


def test_letter_is_never_given_up_because_others_crowd_the_relay(chaos):
    message = make_message()
    for mode in ["421 at MAIL"] * 13 + ["451 at MAIL", GOOD]:
        chaos.mode = mode
        sending.drain(relay_of(chaos))
        Message.objects.filter(state="retry").update(next_attempt_at=Now())

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 15)


def test_letter_that_fails_twelve_times_is_given_up(chaos):
    message = make_message()
    chaos.mode = "451 at MAIL"
    for _ in range(12):
        sending.drain(relay_of(chaos))
        Message.objects.filter(state="retry").update(next_attempt_at=Now())

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 12)


def test_letter_that_stops_twelve_senders_is_given_up():
    message = make_message()
    for _ in range(12):
        claims.claim()
        Message.objects.filter(state="claimed").update(lease_until=Now())
        housekeeping.housekeep()

    message.refresh_from_db()
    assert message.state == "dead"
    assert Attempt.objects.filter(message=message, outcome="abandoned").count() == 12


def test_what_a_claim_holds_is_chosen_once_however_the_statement_is_planned():
    """Joined as a subquery it may be chosen anew for each row, and more is held than was asked for."""
    assert "CTE Scan on due" in plan_of_a_claim()


def test_claim_reads_the_index_and_sorts_no_bulk():
    assert "message_waiting" in plan_of_a_claim()
    assert "Sort" not in plan_of_a_claim()


def plan_of_a_claim() -> str:
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "incremental_sort"):  # an empty table is read anyhow
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {claims.CLAIM}", [False, 3, None, timedelta()])
        return "\n".join(row[0] for row in cursor.fetchall())
