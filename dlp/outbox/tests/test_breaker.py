"""A relay that refuses our password or encryption is left alone until it is put right (R21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from dlp.drill.relay import GOOD, ChaosRelay
from dlp.outbox.attention import lines
from dlp.outbox.delivery import breaker, sending
from dlp.outbox.delivery.breaker import Way
from dlp.outbox.delivery.relays import (
    SmtpAddress,
    SmtpRelay,
    Timeouts,
    Unavailable,
    Untrusted,
    smtp_address,
)
from dlp.outbox.models import Message, Outage
from dlp.outbox.tests.factories import make_message, make_reader
from dlp.outbox.tests.scripted import ScriptedRelay

QUICK = Timeouts(connect=2, verb=1, answer=0.5)


@pytest.fixture
def chaos():
    with ChaosRelay() as relay:
        yield relay


def relay_of(chaos):
    return SmtpRelay(smtp_address(chaos.url.replace("//", "//ada:secret@")), QUICK)


def let_the_pause_pass():
    Outage.objects.update(probe_at=Now())


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["535 at AUTH", "530 at MAIL"])
def test_relay_that_does_not_know_us_is_tried_once_and_costs_no_attempt(chaos, mode):
    message = make_message()
    chaos.mode = mode

    for _ in range(5):
        sending.drain(relay_of(chaos))

    message.refresh_from_db()
    assert (message.state, message.attempts, chaos.connections) == ("planned", 0, 1)
    assert Outage.objects.now().get().code == int(mode[:3])


@pytest.mark.django_db
def test_outage_ends_by_itself_once_it_is_put_right(chaos):
    message = make_message()
    chaos.mode = "535 at AUTH"
    sending.drain(relay_of(chaos))
    chaos.mode = GOOD
    assert not sending.drain(relay_of(chaos))

    let_the_pause_pass()
    sending.drain(relay_of(chaos))

    message.refresh_from_db()
    assert message.state == "sent"
    outage = Outage.objects.get()
    assert outage.ended_at >= outage.began_at
    assert breaker.way_to(outage.relay) == Way.CLEAR


@pytest.mark.django_db
def test_probe_that_fails_goes_on_with_the_same_outage(chaos):
    make_message()
    chaos.mode = "535 at AUTH"
    for _ in range(3):
        sending.drain(relay_of(chaos))
        let_the_pause_pass()

    assert chaos.connections == 3
    assert Outage.objects.get().ended_at is None


@pytest.mark.django_db
def test_of_all_who_ask_after_the_pause_one_probes():
    error = Untrusted("connect", "No.", code=535)
    breaker.bar("relay:1", error)
    assert breaker.way_to("relay:1") == Way.BARRED
    let_the_pause_pass()

    assert [breaker.way_to("relay:1") for _ in range(3)] == [Way.PROBE, Way.BARRED, Way.BARRED]
    assert breaker.way_to("relay:2") == Way.CLEAR


@pytest.mark.django_db
def test_relay_that_is_merely_away_is_no_outage(settings):
    make_message()
    settings.EMAIL_URL = "smtp://127.0.0.1:1"

    sending.drain()

    assert not Outage.objects.exists()


@pytest.mark.django_db
def test_two_outages_of_one_relay_at_once_are_refused():
    now = timezone.now()
    Outage.objects.create(relay="relay:1", reason="No.", probe_at=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(relay="relay:1", reason="No.", probe_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.update(ended_at=now - timedelta(days=1))


@pytest.mark.django_db
def test_desk_says_that_no_letter_can_leave_and_names_no_password(chaos, settings):
    settings.EMAIL_URL = chaos.url.replace("//", "//ada:secret@")
    lena, today = make_reader("lena@example.org", is_staff=True), timezone.localdate()
    make_message()
    chaos.mode = "535 at AUTH"
    sending.drain()

    (line,) = lines(lena, today)
    assert line.title == "No letter can leave"
    assert "name and password" in line.detail
    assert "secret" not in line.detail + Outage.objects.get().relay
    assert lines(make_reader("olive@example.org"), today) == []

    chaos.mode = GOOD
    let_the_pause_pass()
    sending.drain()
    assert lines(lena, today) == []
    assert Message.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("lines", "security"),
    [
        ((b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"454 Not today\r\n"), "starttls"),
        ((b"220 x\r\n", b"250 x\r\n"), "starttls"),
        ((b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 Go\r\n", b"no TLS\r\n"), "starttls"),
        ((b"220 x\r\n",), "tls"),
    ],
)
def test_relay_that_does_not_encrypt_learns_neither_password_nor_letter(lines, security):
    with ScriptedRelay(*lines) as relay:
        address = SmtpAddress("127.0.0.1", relay.port, security, "ada", "secret")

        with pytest.raises(Untrusted):
            SmtpRelay(address, QUICK).open()

    assert b"AUTH" not in relay.heard
    assert b"MAIL" not in relay.heard


def test_relay_that_takes_a_password_in_the_clear_is_one_on_this_machine():
    """The control of the test above: where nothing is encrypted, it does hear the password."""
    with ScriptedRelay(b"220 x\r\n", b"250-x\r\n250 AUTH PLAIN\r\n", b"235 Ok\r\n") as relay:
        SmtpRelay(SmtpAddress("127.0.0.1", relay.port, "none", "ada", "secret"), QUICK).open()

    assert b"AUTH PLAIN" in relay.heard


@pytest.mark.parametrize(("within", "opens"), [(0.3, False), (5, True)])
def test_greeting_that_drips_is_cut_off(within, opens):
    timeouts = Timeouts(connect=within, verb=5, answer=5)
    with ScriptedRelay(b"220 welcome, welcome\r\n", b"250 x\r\n", drip=0.03) as scripted:
        relay = SmtpRelay(SmtpAddress("127.0.0.1", scripted.port, "none"), timeouts)

        if opens:
            relay.open()
        else:
            with pytest.raises(Unavailable):
                relay.open()


def test_whole_try_is_cut_off_though_no_step_is_slow():
    timeouts = Timeouts(connect=5, verb=5, answer=5, whole=0.3)
    lines = (b"220 x\r\n", *[b"250 ok\r\n"] * 5)
    with ScriptedRelay(*lines, drip=0.03) as scripted:
        relay = SmtpRelay(SmtpAddress("127.0.0.1", scripted.port, "none"), timeouts)

        with pytest.raises(Unavailable):
            relay.open()
