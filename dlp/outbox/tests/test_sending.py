"""What leaves, when, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from dlp.outbox import kinds, operations
from dlp.outbox.delivery import claims, housekeeping, sending
from dlp.outbox.kinds import Letter, NotWanted
from dlp.outbox.models import Attempt, Message
from dlp.outbox.tests.factories import CODE, deliver, make_kind, make_message, make_reader
from dlp.outbox.writing import rendering

pytestmark = pytest.mark.django_db


def test_letter_arrives_with_text_html_and_a_steady_message_id(settings):
    message = make_message()

    (letter,) = deliver(settings)

    message.refresh_from_db()
    assert message.state == "sent"
    assert letter["To"] == "Ada Okafor <ada@example.org>"
    assert letter["Message-ID"] == message.message_id
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


def test_sent_letter_is_not_sent_again(settings):
    make_message()

    assert len(deliver(settings)) == 1
    assert deliver(settings) == []


def test_asking_twice_for_one_letter_plans_one(settings):
    reader = make_reader()

    first = make_message(reader, subject_kind="session", subject_id=1, revision=1)
    second = make_message(reader, subject_kind="session", subject_id=1, revision=1)

    assert first == second
    assert len(deliver(settings)) == 1


def test_letters_about_nothing_are_never_one_another(settings):
    reader = make_reader()
    make_message(reader)
    make_message(reader)

    assert len(deliver(settings)) == 2


def test_letter_goes_to_the_address_of_the_moment(settings):
    reader = make_reader()
    make_message(reader)
    reader.email = "new@example.org"
    reader.save(update_fields=["email"])

    (letter,) = deliver(settings)

    assert "new@example.org" in letter["To"]


def test_letter_to_nobody_is_given_up_with_the_reason(settings):
    message = make_message(make_reader(None))

    assert deliver(settings) == []
    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("dead", "There is no address to write to.")


def test_somebody_deactivated_gets_nothing(settings):
    message = make_message(make_reader(is_active=False))

    assert deliver(settings) == []
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_letter_is_not_sent_before_it_is_due(settings):
    make_message(due_at=timezone.now() + timedelta(hours=1))

    assert deliver(settings) == []


def test_letter_that_came_too_late_expires(settings):
    now = timezone.now()
    message = make_message(due_at=now - timedelta(hours=2), not_after=now - timedelta(hours=1))

    assert deliver(settings) == []
    message.refresh_from_db()
    assert message.state == "expired"


def test_kind_is_asked_again_at_the_last_moment(settings):
    def unwanted(message):
        raise NotWanted("The session was moved.", state=Message.State.SUPERSEDED)

    make_kind(is_wanted=unwanted)
    message = make_message()

    assert deliver(settings) == []
    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("superseded", "The session was moved.")


def test_first_in_line_is_the_most_urgent(settings):
    make_kind(
        "test.digest", priority=kinds.Priority.DIGEST, render=lambda m: Letter("Digest", "", "")
    )
    make_kind(
        "test.cancel", priority=kinds.Priority.CANCELLATION, render=lambda m: Letter("Off", "", "")
    )
    reader = make_reader()
    make_message(reader, kind="test.digest")
    make_message(reader, kind="test.cancel")

    assert [letter["Subject"] for letter in deliver(settings)] == ["Off", "Digest"]


def test_letter_that_cannot_be_written_is_given_up_at_the_third_time_and_holds_up_nobody(settings):
    def broken(message):
        raise KeyError("Ada")

    make_kind("test.broken", render=broken)
    message = make_message(kind="test.broken")
    make_message(make_reader("bo@example.org"))
    for _ in range(3):
        deliver(settings)
        Message.objects.update(next_attempt_at=Now())

    message.refresh_from_db()
    assert message.state == "dead"
    assert "KeyError" in message.state_reason
    assert "Ada" not in message.state_reason
    assert Message.objects.filter(state="sent").count() == 1
    assert Attempt.objects.filter(message=message).count() == 3


def test_name_on_two_lines_never_reaches_a_header():
    person = get_user_model()(full_name="Ada\r\nBcc: all@example.org")
    message = Message(kind="test.note", dedupe_key="k", recipient="person:1", person=person)

    with pytest.raises(rendering.CannotBeWritten):
        rendering.to_bytes(
            message, Letter("S", "", ""), address="ada@example.org", at=timezone.now()
        )


def test_subject_on_two_lines_never_reaches_a_header(settings):
    make_kind(render=lambda m: Letter("Hello\nBcc: all@example.org", "", ""))
    message = make_message()

    assert deliver(settings) == []
    message.refresh_from_db()
    assert message.state == "retry"


@pytest.mark.parametrize("address", ["o'neill@example.org", "ada@bücher.example"])
def test_unusual_addresses_are_written_to(settings, address):
    make_message(address=address)

    assert len(deliver(settings)) == 1


def test_long_lines_and_rare_letters_arrive_as_they_were_written(settings):
    text = "Ω" + "x" * 5_000 + "\n.\nend — 王小明\n"
    make_kind(render=lambda m: Letter("Привет, 王小明", text, f"<p>{text}</p>"))
    make_message()

    (letter,) = deliver(settings)

    assert letter["Subject"] == "Привет, 王小明"
    assert letter.get_body(("plain",)).get_content().replace("\r\n", "\n") == text
    assert max(map(len, letter.as_bytes().splitlines())) < 998


def test_address_of_a_stranger_is_sealed_and_then_erased(settings):
    message = make_message(address="stranger@example.org")

    assert b"stranger" not in bytes(message.context)
    assert "stranger" not in message.recipient
    assert len(deliver(settings)) == 1
    message.refresh_from_db()
    assert message.context is None


def test_code_is_readable_nowhere_and_erased_when_sent(settings):
    make_kind(
        CODE, secret=True, render=lambda m: Letter("Code", m.secret["code"], m.secret["code"])
    )
    message = make_message(kind=CODE, secret={"code": "417-209"})
    assert b"417-209" not in bytes(message.context)

    (letter,) = deliver(settings)

    message.refresh_from_db()
    assert "417-209" in letter.get_body(("plain",)).get_content()
    assert (message.context, message.frozen, message.state) == (None, None, "sent")


def test_code_that_did_not_leave_is_erased_after_a_quarter_of_an_hour(settings):
    make_kind(CODE, secret=True)
    message = make_message(kind=CODE, secret={"code": "417-209"})
    past = timezone.now() - timedelta(minutes=16)
    Message.objects.update(due_at=past, not_after=past + timedelta(minutes=10), created_at=past)

    assert deliver(settings) == []
    message.refresh_from_db()
    assert (message.context, message.state) == (None, "expired")


def test_change_that_was_rolled_back_sends_nothing(settings):
    reader = make_reader()

    with transaction.atomic():
        make_message(reader)
        transaction.set_rollback(True)

    assert deliver(settings) == []


def test_quiet_hours_hold_a_letter_until_the_morning(settings, time_machine_night):
    settings.QUIET_HOURS = True
    message = make_message()
    held = claims.claim()

    with pytest.raises(sending.NotNow):
        sending._wait_for_morning(
            time_machine_night(held), held.messages[0], kinds.get(message.kind)
        )

    message.refresh_from_db()
    assert message.state == "planned"
    assert message.next_attempt_at.hour == 7


@pytest.fixture
def time_machine_night():
    """The same claim, as made at half past two in a winter night."""
    from dataclasses import replace

    night = timezone.now().replace(month=1, day=15, hour=2, minute=30)

    def at_night(held):
        for message in held.messages:
            message.not_after = night + timedelta(days=3)
        return replace(held, at=night)

    return at_night


def test_lease_of_a_dead_sender_is_taken_up(settings):
    message = make_message()
    claims.claim()
    Message.objects.update(lease_until=timezone.now() - timedelta(minutes=1))

    housekeeping.housekeep()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("retry", 1)
    assert message.tries.get().outcome == "abandoned"


def test_letter_that_may_have_arrived_is_uncertain_and_never_sent_anew(settings):
    message = make_message()
    claims.claim()
    past = timezone.now() - timedelta(minutes=1)
    Message.objects.update(lease_until=past, data_started_at=past)

    housekeeping.housekeep()

    message.refresh_from_db()
    assert message.state == "uncertain"
    assert deliver(settings) == []


def test_sender_that_was_overtaken_sends_nothing(settings):
    message = make_message()
    held = claims.claim()
    Message.objects.update(lease_until=timezone.now() - timedelta(minutes=1))

    with pytest.raises(sending.NotNow):
        sending._mark(held, held.messages[0], kinds.get(message.kind), "ada@example.org")


def test_cancelling_reaches_a_letter_that_a_sender_holds(settings):
    message = make_message(subject_kind="session", subject_id=3)
    held = claims.claim()

    operations.cancel_for_person(message.person, reason="They left.")

    with pytest.raises(sending.NotNow):
        sending._mark(held, held.messages[0], kinds.get(message.kind), "ada@example.org")
    message.refresh_from_db()
    assert message.state_reason == "They left."


def test_only_the_nearest_of_overdue_reminders_is_sent(settings):
    make_kind(heeds_quiet_hours=False)
    reader, now = make_reader(), timezone.now()
    for lead, hours in (("7d", 48), ("1d", 24), ("2h", 1)):
        make_message(
            reader,
            subject_kind="session",
            subject_id=1,
            lead=lead,
            due_at=now - timedelta(hours=hours),
            not_after=now + timedelta(hours=1),
        )

    assert len(deliver(settings)) == 1
    assert Message.objects.get(state="sent").lead == "2h"
    assert Message.objects.filter(state="superseded").count() == 2


def test_backoff_follows_the_table_and_spreads_a_fifth():
    minutes = [claims.backoff(n) / timedelta(minutes=1) for n in range(1, 8)]

    for got, wanted in zip(minutes, (1, 5, 15, 60, 180, 60, 60), strict=True):
        assert wanted * 0.8 <= got <= wanted * 1.2


@pytest.mark.parametrize(
    ("start", "end"), [("sent", "planned"), ("planned", "sent"), ("expired", "retry")]
)
def test_database_refuses_a_state_that_does_not_follow(settings, start, end):
    message = make_message()
    path = {"sent": lambda: deliver(settings), "planned": lambda: None, "expired": _expire}
    path[start]()

    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=end)


def _expire() -> None:
    Message.objects.update(state="expired")


def test_attempts_cannot_be_changed(settings):
    make_message()
    deliver(settings)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Attempt.objects.update(words="nothing happened")


def test_queue_is_read_by_its_index(settings):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {claims.ANYTHING_DUE}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "message_waiting" in plan or "message_to_leave" in plan  # both hold what waits alone


def test_only_the_letter_in_hand_counts_that_its_sender_died():
    messages = [make_message(make_reader(f"p{number}@example.org")) for number in range(3)]
    first = claims.claim().messages[0]
    Message.objects.update(lease_until=timezone.now() - timedelta(minutes=1))

    housekeeping.housekeep()

    states = {row.pk: (row.state, row.attempts) for row in Message.objects.all()}
    assert states.pop(first.pk) == ("retry", 1)
    assert set(states.values()) == {("planned", 0)}
    assert len(states) == len(messages) - 1
