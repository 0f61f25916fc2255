"""Bad days and bad input: whatever goes wrong with one letter, it comes once or says why not, alone."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.db.models.functions import Now
from django.utils import timezone
from time_machine import travel

from dlp.drill.relay import GOOD, ChaosRelay
from dlp.outbox import operations
from dlp.outbox.delivery import housekeeping, sending
from dlp.outbox.delivery.relays import Declined, SmtpAddress, SmtpRelay, Timeouts, smtp_address
from dlp.outbox.kinds import Letter
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver, make_kind, make_message, make_reader
from dlp.outbox.tests.scripted import ScriptedRelay

pytestmark = pytest.mark.django_db

FIRST_HOURS = (1, 5, 15, 60, 180)


@pytest.fixture
def chaos():
    with ChaosRelay() as relay:
        yield relay


def send(chaos):
    return sending.drain(SmtpRelay(smtp_address(chaos.url), Timeouts(connect=2, verb=1, answer=1)))


def put_off(chaos, message) -> timedelta:
    """Try once, and let the wait pass; how long it was."""
    send(chaos)
    message.refresh_from_db()
    assert message.state == "retry"
    wait = message.next_attempt_at - message.updated_at
    Message.objects.update(next_attempt_at=Now())
    return wait


def test_relay_that_puts_off_for_hours_is_asked_less_and_less_and_takes_it_once(chaos):
    message = make_message()
    chaos.mode = "451 at MAIL"
    waits = [put_off(chaos, message) / timedelta(minutes=1) for _ in FIRST_HOURS]
    chaos.mode = GOOD

    send(chaos)
    send(chaos)

    for wait, minutes in zip(waits, FIRST_HOURS, strict=True):
        assert minutes * 0.8 <= wait <= minutes * 1.2
    assert len(chaos.taken) == 1


def test_letter_that_was_put_off_for_too_long_is_never_sent(chaos):
    message = make_message()
    chaos.mode = "451 at MAIL"
    put_off(chaos, message)
    Message.objects.update(due_at=Now(), not_after=Now())
    chaos.mode = GOOD

    send(chaos)
    housekeeping.housekeep()

    message.refresh_from_db()
    assert (message.state, chaos.taken) == ("expired", [])


@pytest.mark.parametrize(("hours", "says"), [(23, b"In 7 days"), (25, b"In 6 days")])
def test_letter_is_written_anew_after_a_day_of_refusals(chaos, hours, says):
    make_kind(render=lambda m: Letter("S", "In 7 days\n", ""))
    message = make_message()
    chaos.mode = "451 after the body"
    put_off(chaos, message)
    make_kind(render=lambda m: Letter("S", "In 6 days\n", ""))
    Message.objects.update(frozen_at=Now() - timedelta(hours=hours))
    chaos.mode = GOOD

    send(chaos)

    assert says in chaos.taken[0][1]
    assert chaos.message_ids == [Message.objects.get().message_id]


def unwritable():
    def fail(message):
        raise KeyError("Ada")

    make_kind("test.poison", render=fail)


def too_long():
    make_kind("test.poison", render=lambda m: Letter("S", "x" * 40_000_000, ""))


def surrogate():
    make_kind("test.poison", render=lambda m: Letter("\ud800", "\ud800", "\ud800"))


@pytest.mark.parametrize("poison", [unwritable, too_long, surrogate])
def test_poisonous_letter_is_given_up_and_holds_up_nobody(chaos, poison):
    poison()
    message = make_message(kind="test.poison")
    make_message(make_reader("bo@example.org"))

    send(chaos)
    assert [to for to, _ in chaos.taken] == ["bo@example.org"]
    for _ in range(2):
        Message.objects.filter(state="retry").update(next_attempt_at=Now())
        send(chaos)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", 3)


def test_address_that_no_name_server_knows_is_given_up(chaos):
    message = make_message(make_reader(f"ada@{'ü' * 70}.example"))
    for _ in range(3):
        send(chaos)
        Message.objects.filter(state="retry").update(next_attempt_at=Now())

    message.refresh_from_db()
    assert (message.state, chaos.taken) == ("dead", [])


def test_fault_of_our_own_in_one_letter_lets_the_others_go_at_once(chaos, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    make_message()
    make_message(make_reader("bo@example.org"))
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_wait_for_morning", fail)
        with pytest.raises(ZeroDivisionError):
            send(chaos)

    assert Message.objects.filter(state="planned").count() == 1
    send(chaos)
    assert [to for to, _ in chaos.taken] == ["bo@example.org"]


@pytest.mark.parametrize("days", [-1, 1])
def test_clock_of_the_sender_decides_nothing(chaos, days):
    make_message(make_reader("bo@example.org"), due_at=timezone.now() + timedelta(hours=1))
    make_message()

    with travel(timezone.now() + timedelta(days=days), tick=True):
        send(chaos)
        housekeeping.housekeep()

    assert [to for to, _ in chaos.taken] == ["ada@example.org"]
    assert Message.objects.filter(state="planned").count() == 1


def test_two_at_one_address_get_a_letter_each(settings):
    reader = make_reader()
    make_message(reader, subject_kind="session", subject_id=1)
    make_message(
        address="ada@example.org", recipient="contact:12", subject_kind="session", subject_id=1
    )

    assert len(deliver(settings)) == 2


def test_name_from_right_to_left_arrives(chaos):
    make_message(make_reader(full_name="محمد عبد الله"))

    send(chaos)

    letter = message_from_bytes(chaos.taken[0][1], policy=policy.default)
    assert letter["To"].addresses[0].display_name == "محمد عبد الله"


def test_name_with_a_newline_is_refused(chaos):
    reader = make_reader()
    message = make_message(reader)
    type(reader).objects.filter(pk=reader.pk).update(full_name="Ada\nBcc: all@example.org")

    send(chaos)

    message.refresh_from_db()
    assert (message.state, chaos.taken) == ("retry", [])
    assert "cannot be written" in message.state_reason


def test_apostrophe_and_rare_letters_before_the_at_sign_arrive(chaos):
    for address in ("o'neill@example.org", "zoë@example.org"):
        make_message(make_reader(address))

    send(chaos)

    assert {to for to, _ in chaos.taken} == {"o'neill@example.org", "zoë@example.org"}


def test_relay_that_knows_no_rare_letters_is_not_given_them():
    with ScriptedRelay(b"220 x\r\n", b"250 x\r\n") as scripted:
        relay = SmtpRelay(SmtpAddress("127.0.0.1", scripted.port, "none"))

        with pytest.raises(Declined) as declined:
            relay.address("programme@example.org", "zoë@example.org")

    assert declined.value.is_final
    assert b"MAIL" not in scripted.heard


def test_no_line_on_the_wire_is_too_long(chaos):
    line = "x" * 998
    make_kind(render=lambda m: Letter("S" * 900, f"{line}\n{line}x\n", f"<p>{line * 9}</p>"))
    make_message()

    send(chaos)

    assert max(len(line) for line in chaos.taken[0][1].split(b"\r\n")) <= 998
    text = message_from_bytes(chaos.taken[0][1], policy=policy.default).get_body(("plain",))
    assert text.get_content().splitlines() == [line, f"{line}x"]


def test_newline_in_an_address_reaches_no_relay(chaos):
    make_kind()

    with pytest.raises(ValidationError):
        operations.enqueue("test.note", address="ada@example.org\nRCPT TO:<all@example.org>")
