"""Rounds that ended are noted, those that did not are not; and the monitor hears of it."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.checks import run_checks
from django.db.models.functions import Now
from django.utils import timezone

from dlp.drill.relay import ChaosRelay
from dlp.outbox import tasks
from dlp.outbox.delivery import heartbeat, rounds, sending, throttle
from dlp.outbox.delivery.heartbeat import Heartbeat
from dlp.outbox.delivery.loop import Loop
from dlp.outbox.delivery.relays import LocalMailboxRelay, Stage, Unavailable
from dlp.outbox.delivery.rounds import Rounds
from dlp.outbox.models import SenderRound
from dlp.outbox.tests.factories import deliver, make_message, make_reader
from dlp.tests.copies import free_port

pytestmark = pytest.mark.django_db


class Monitor:
    """A web server that counts who asks, and answers as it is told, or not before it is told."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.status = 200
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked = threading.Condition()
        monitor = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with monitor.asked:
                    monitor.paths.append(self.path)
                    monitor.asked.notify_all()
                monitor.may_answer.wait(20)
                self.send_response(monitor.status)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping/key?from=outbox"

    def wait_for(self, number: int) -> None:
        with self.asked:
            assert self.asked.wait_for(lambda: len(self.paths) >= number, timeout=20)

    @contextmanager
    def running(self) -> Iterator[Monitor]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.may_answer.set()
            self.server.shutdown()
            self.server.server_close()
            thread.join()


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    with Monitor().running() as running:
        yield running


def ended(beating: Heartbeat) -> None:
    """Wait until the monitor has answered, or has not."""
    assert beating._asking is not None
    beating._asking.join(20)
    assert not beating._asking.is_alive()


def count_rounds() -> tuple[list[int], object]:
    counted = [0]

    def one_more() -> None:
        counted[0] += 1

    return counted, one_more


def test_round_ends_when_nothing_was_due_and_when_what_was_due_is_settled(settings):
    deliver(settings)
    counted, one_more = count_rounds()

    sending.drain(round_ended=one_more)
    assert counted == [1]

    make_message()
    sending.drain(round_ended=one_more)
    assert counted == [3]  # the letter, and that there is no other


def test_no_round_ends_while_the_relay_cannot_be_used(settings):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    make_message()
    counted, one_more = count_rounds()

    sending.drain(round_ended=one_more)

    assert counted == [0]


def test_no_round_ends_when_the_relay_stops_midway(settings):
    deliver(settings)
    make_message()
    counted, one_more = count_rounds()

    class Stops(LocalMailboxRelay):
        def address(self, sender: str, recipient: str) -> None:
            raise Unavailable(Stage.RCPT, "It stopped.")

    sending.drain(Stops(), round_ended=one_more)

    assert counted == [0]


def test_no_round_ends_while_others_use_every_connection(settings, monkeypatch):
    """They may hang: whoever waits for them proves nothing."""
    deliver(settings)
    make_message()
    monkeypatch.setattr(throttle, "lane", lambda relay: contextlib.nullcontext(False))
    counted, one_more = count_rounds()

    sending.drain(round_ended=one_more)

    assert counted == [0]


def test_loop_and_celery_note_their_rounds_apart(settings):
    deliver(settings)
    Loop()._send()
    assert list(SenderRound.objects.values_list("ringer", flat=True)) == ["loop"]

    tasks._rounds.cache_clear()
    tasks.ring()

    assert list(SenderRound.objects.values_list("ringer", flat=True)) == ["celery", "loop"]


def test_round_is_written_at_most_every_ten_seconds(monkeypatch):
    clock = [1_000.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: clock[0])
    notes = Rounds(SenderRound.Ringer.LOOP)
    notes.ended()
    SenderRound.objects.update(ended_at=Now() - timedelta(hours=1))

    clock[0] += 9
    notes.ended()
    assert SenderRound.objects.get().ended_at < timezone.now() - timedelta(minutes=59)

    clock[0] += 1
    notes.ended()
    assert SenderRound.objects.get().ended_at > timezone.now() - timedelta(minutes=1)


def test_monitor_is_asked_once_a_minute(monitor, monkeypatch):
    clock = [1_000.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: clock[0])
    beating = Heartbeat(monitor.url)

    for _ in range(3):
        beating.beat()
        ended(beating)
    assert monitor.paths == ["/ping/key?from=outbox"]

    clock[0] += 60
    beating.beat()
    ended(beating)
    assert len(monitor.paths) == 2


def test_monitor_that_hangs_holds_nothing_up_and_is_not_asked_again(monitor, monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    monitor.may_answer.clear()
    beating = Heartbeat(monitor.url)

    beating.beat()
    monitor.wait_for(1)
    for _ in range(5):
        beating.beat()

    assert len(monitor.paths) == 1


def test_trouble_with_the_monitor_is_logged_when_it_begins_and_when_it_ends(
    monitor, monkeypatch, caplog
):
    caplog.set_level(logging.INFO, logger="dlp.outbox.delivery.heartbeat")
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    beating = Heartbeat(monitor.url)
    for status in (500, 500, 302, 200, 200):
        monitor.status = status
        beating.beat()
        ended(beating)

    assert [record.getMessage() for record in caplog.records] == [
        "The heartbeat's monitor does not answer (status 500).",
        "The heartbeat's monitor answers again.",
    ]
    assert "key" not in caplog.text


def test_monitor_that_is_away_is_no_trouble_of_the_letters(settings, caplog):
    settings.HEARTBEAT_URL = f"http://127.0.0.1:{free_port()}/"
    make_message()
    with ChaosRelay() as relay:
        settings.EMAIL_URL = relay.url
        notes = Rounds(SenderRound.Ringer.LOOP)

        sending.drain(round_ended=notes.ended)

        assert len(relay.taken) == 1
    ended(notes._heartbeat)
    assert "ConnectionRefusedError" in caplog.text


def test_stuck_sender_does_not_tell_the_monitor(settings, monitor):
    settings.HEARTBEAT_URL = monitor.url
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    make_message(make_reader())
    notes = Rounds(SenderRound.Ringer.LOOP)

    sending.drain(round_ended=notes.ended)

    assert notes._heartbeat._asking is None
    assert not SenderRound.objects.exists()


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("", True),
        ("https://hc.example.org/ping/1234", True),
        ("http://localhost:9000/ping", True),
        ("http://hc.example.org/ping/1234", False),
        ("hc.example.org", False),
        ("https://", False),
        ("https://[", False),
        ("https://hc.example.org:lots/", False),
        ("ftp://hc.example.org/", False),
    ],
)
def test_address_of_the_monitor_is_https_or_this_machine(settings, url, is_fine):
    settings.HEARTBEAT_URL = url

    assert [found.id for found in run_checks(tags=["outbox"])] == (
        [] if is_fine else ["outbox.E004"]
    )
