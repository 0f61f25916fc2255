"""What becomes of a letter when the relay misbehaves: by the stage it came to (messages.md 1.1)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db.models.functions import Now

from dlp.drill.relay import FAULTS, GOOD, ChaosRelay
from dlp.outbox.backend import MailOutsideTheOutbox
from dlp.outbox.delivery import relays, sending
from dlp.outbox.delivery.relays import SmtpRelay, Timeouts, smtp_address
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import make_message, make_reader

QUICK = Timeouts(connect=2, verb=1, answer=1.5)


@pytest.fixture
def chaos():
    with ChaosRelay() as relay:
        yield relay


def send(chaos):
    """Try everything that waits, at once, whatever the backoff says."""
    Message.objects.filter(state="retry").update(next_attempt_at=Now())
    return sending.drain(SmtpRelay(smtp_address(chaos.url), QUICK))


WHAT_BECOMES = {
    GOOD: ("sent", 1),
    "drop at the banner": ("planned", 0),
    "hang at the banner": ("planned", 0),
    "421 at the banner": ("planned", 0),
    "drop at EHLO": ("planned", 0),
    "421 at MAIL": ("retry", 0),
    "530 at MAIL": ("planned", 0),
    "451 at MAIL": ("retry", 0),
    "drop at MAIL": ("retry", 0),
    "452 at RCPT": ("retry", 0),
    "drop at RCPT": ("retry", 0),
    "hang at RCPT": ("retry", 0),
    "550 at RCPT": ("dead", 0),
    "554 at RCPT": ("dead", 0),
    "451 at DATA": ("retry", 0),
    "drop at DATA": ("retry", 0),
    "432 after the body": ("retry", 0),
    "451 after the body": ("retry", 0),
    "552 after the body": ("dead", 0),
    "lose after the final dot": ("uncertain", 0),
    "drop after the final dot": ("uncertain", 1),
    "hang after the final dot": ("uncertain", 1),
    "nonsense after the final dot": ("uncertain", 1),
    "slow after the final dot": ("sent", 1),
    "drop after the answer": ("sent", 1),
    "hang at QUIT": ("sent", 1),
    "421 at QUIT": ("sent", 1),
    "nonsense at QUIT": ("sent", 1),
}
"""The state of the letter, and how often the relay has it."""


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "becomes"), WHAT_BECOMES.items(), ids=WHAT_BECOMES)
def test_state_follows_from_the_stage(chaos, mode, becomes):
    message = make_message()
    chaos.mode = mode

    send(chaos)

    message.refresh_from_db()
    assert (message.state, len(chaos.taken)) == becomes
    assert (message.data_started_at is not None) == (message.state in ("sent", "uncertain"))
    assert message.tries.count() == message.attempts == (message.state != "planned")


@pytest.mark.django_db
def test_relay_that_drops_in_the_body_has_nothing_whether_we_can_tell_or_not(chaos):
    """A short letter is on the wire, dot and all, before we can hear of it."""
    message = make_message()
    chaos.mode = "drop in the body"

    send(chaos)

    message.refresh_from_db()
    assert message.state in ("retry", "uncertain")
    assert chaos.taken == []


def test_everything_that_a_relay_may_do_is_tried():
    assert {GOOD, *FAULTS} == {*WHAT_BECOMES, "535 at AUTH", "drop in the body"}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["drop after the final dot", "hang after the final dot"])
def test_letter_that_may_have_arrived_is_not_sent_twice(chaos, mode):
    make_message()
    chaos.mode = mode
    send(chaos)
    chaos.mode = GOOD

    send(chaos)

    assert len(chaos.taken) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["452 at RCPT", "451 after the body", "drop at RCPT"])
def test_letter_that_was_put_off_goes_once_the_relay_is_well(chaos, mode):
    message = make_message()
    chaos.mode = mode
    send(chaos)
    chaos.mode = GOOD

    send(chaos)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert chaos.message_ids == [message.message_id]


@pytest.mark.django_db
def test_second_try_sends_the_same_bytes(chaos):
    message = make_message()
    chaos.mode = "451 after the body"
    send(chaos)
    message.refresh_from_db()
    frozen = bytes(message.frozen)
    chaos.mode = GOOD

    send(chaos)

    assert chaos.taken == [("ada@example.org", frozen)]


@pytest.mark.django_db
def test_changed_address_gets_a_new_letter_under_the_same_message_id(chaos):
    reader = make_reader()
    message = make_message(reader)
    chaos.mode = "451 after the body"
    send(chaos)
    reader.email = "new@example.org"
    reader.save(update_fields=["email"])
    chaos.mode = GOOD

    send(chaos)

    message.refresh_from_db()
    assert [to for to, _ in chaos.taken] == ["new@example.org"]
    assert chaos.message_ids == [message.message_id]


@pytest.mark.django_db
def test_one_bad_mailbox_of_twenty_stops_nobody_else(chaos):
    for number in range(19):
        make_message(make_reader(f"p{number}@example.org"))
    make_message(make_reader("bo@example.org"))
    chaos.unknown = {"bo@example.org"}

    send(chaos)

    assert Message.objects.filter(state="sent").count() == len(chaos.taken) == 19
    assert Message.objects.get(state="dead").person.email == "bo@example.org"
    assert chaos.connections == 1


@pytest.mark.django_db
def test_relay_that_is_away_costs_no_attempt(settings):
    message = make_message()
    settings.EMAIL_URL = "smtp://127.0.0.1:1"

    sending.drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("planned", 0)


@pytest.mark.django_db
def test_line_that_begins_with_a_dot_arrives_whole(chaos):
    from dlp.outbox.kinds import Letter
    from dlp.outbox.tests.factories import make_kind

    make_kind(render=lambda m: Letter("S", ".one\n..two\n.\nend\n", "<p></p>"))
    message = make_message()

    send(chaos)

    message.refresh_from_db()
    assert chaos.taken[0][1] == bytes(message.frozen)
    assert b"\r\n.\r\nend" in bytes(message.frozen)


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtps://ada:p%40ss@relay.example.org", "tls", 465),
        ("smtp+starttls://ada:p%40ss@relay.example.org:2525", "starttls", 2525),
        ("smtp://ada:p%40ss@localhost", "none", 25),
    ],
)
def test_email_url_names_the_relay(url, security, port):
    address = smtp_address(url)

    assert (address.security, address.port) == (security, port)
    assert (address.user, address.password) == ("ada", "p@ss")


@pytest.mark.parametrize("url", ["smtp://relay.example.org", "smtp://203.0.113.9:25"])
def test_letters_never_travel_in_the_clear(url):
    with pytest.raises(ImproperlyConfigured, match="in the clear"):
        smtp_address(url)


@pytest.mark.parametrize("url", ["https://relay.example.org", "relay", "smtps://"])
def test_address_that_is_no_relay_is_refused_in_a_sentence(url):
    with pytest.raises(ImproperlyConfigured, match="Write smtps"):
        smtp_address(url)


def test_relay_that_offers_no_encryption_gets_nothing(chaos):
    plain = smtp_address(chaos.url)
    relay = SmtpRelay(relays.SmtpAddress(plain.host, plain.port, "starttls"), QUICK)

    with pytest.raises(relays.Unavailable):
        relay.open()

    assert chaos.taken == []


def test_relay_that_does_not_speak_tls_is_not_used(chaos):
    plain = smtp_address(chaos.url)
    relay = SmtpRelay(relays.SmtpAddress(plain.host, plain.port, "tls"), QUICK)

    with pytest.raises(relays.Unavailable):
        relay.open()


def test_nothing_else_can_send_mail(settings):
    settings.EMAIL_BACKEND = "dlp.outbox.backend.OutboxOnlyBackend"

    with pytest.raises(MailOutsideTheOutbox, match="outbox alone"):
        send_mail("S", "T", None, ["ada@example.org"])
