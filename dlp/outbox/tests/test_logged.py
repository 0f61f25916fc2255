"""Whatever becomes of a letter, the log knows its number and not whom or what it is about."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest
from django.db import IntegrityError

from dlp.drill.relay import ChaosRelay
from dlp.logs import Discreet, Line
from dlp.outbox.delivery import claims, housekeeping, sending
from dlp.outbox.delivery.loop import Loop
from dlp.outbox.kinds import Letter
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from dlp.outbox.plans.planning import Changes
from dlp.outbox.plans.sweeping import Planner
from dlp.outbox.tests.factories import NOTE, make_kind, make_message, make_reader
from dlp.outbox.writing import reading
from dlp.tests.copies import free_port

pytestmark = pytest.mark.django_db

NAME, ADDRESS, SUBJECT = "Adaeze Quill", "adaeze.quill@example.org", "About the ferry"
PRIVATE = ("adaeze", "quill", "ferry", "harbour")


@pytest.fixture
def said(caplog):
    """Every line as it is written, from the most talkative level on."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(Discreet())
    caplog.handler.setFormatter(Line("{levelname} {name}: {message}", style="{"))
    return caplog


@pytest.fixture
def adaeze(db):
    return make_reader(ADDRESS, full_name=NAME)


def note(render=None, **fields) -> None:
    letter = Letter(SUBJECT, "The harbour at six.\n", "<p>The harbour at six.</p>")
    make_kind(render=render or (lambda message: letter), **fields)


def fails(message: Message) -> Letter:
    raise ValueError(f"{message.person} wrote of the ferry")


def is_discreet(caplog) -> bool:
    told = caplog.text.lower()
    return bool(told) and not any(word in told for word in PRIVATE)


@pytest.mark.parametrize(
    "mode",
    [
        "good",
        "550 at RCPT",
        "452 at RCPT",
        "451 after the body",
        "552 after the body",
        "drop at RCPT",
        "drop after the final dot",
        "nonsense after the final dot",
    ],
)
def test_whatever_the_relay_answers(settings, said, adaeze, mode):
    note()
    make_message(adaeze, kind=NOTE)
    with ChaosRelay() as relay:
        relay.mode, settings.EMAIL_URL = mode, relay.url
        Loop()._send()

    assert is_discreet(said)


def test_relay_that_is_away(settings, said, adaeze):
    note()
    make_message(adaeze, kind=NOTE)
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"

    sending.drain()

    assert is_discreet(said)


def test_letter_that_cannot_be_written(said, adaeze):
    note(render=fails)
    message = make_message(adaeze, kind=NOTE)

    sending.drain()
    reading.preview_of(message)

    assert "ValueError" in said.text
    assert is_discreet(said)


def test_sender_that_stopped(said, adaeze):
    note()
    make_message(adaeze, kind=NOTE)
    claims.claim()
    Message.objects.update(lease_until="2020-01-01T00:00Z")

    housekeeping.housekeep()

    assert is_discreet(said)


def test_planner_that_breaks_off(said, adaeze):
    def plan(keys: Sequence[int]) -> Changes:
        raise IntegrityError(f"DETAIL: Failing row contains (7, {NAME}, {ADDRESS}).")

    sweeping.register(Planner("broken", plan, lambda until, kind: [1], lambda person: []))

    sweeping.sweep()

    assert "failed" in said.text
    assert is_discreet(said)


def test_check_would_see_a_name(said):
    logging.getLogger("dlp.outbox").info("A letter to %s.", NAME)

    assert not is_discreet(said)
