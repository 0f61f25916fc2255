"""Each invariant is broken on purpose, and found out by its own name."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dlp.outbox.kinds import Priority
from dlp.outbox.models import Attempt, Message
from dlp.outbox.operations import recipient_key
from dlp.outbox.plans import sweeping
from dlp.outbox.plans.planning import Changes, Step, What
from dlp.outbox.plans.sweeping import Planner
from dlp.outbox.tests.factories import NOTE, deliver, make_kind, make_message, make_reader
from dlp.outbox.watch import invariants
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def make_sent(session=None, *, tries: int = 1, left_at=None, **fields) -> Message:
    """A letter that left an hour ago, whole, with its tries on record."""
    left_at = left_at or timezone.now() - HOUR
    key = uuid.uuid4()
    person = fields.pop("person", None) or make_reader(f"{key}@example.org")
    message = Message.objects.create(
        **{
            "id": key,
            "dedupe_key": str(key),
            "kind": NOTE,
            "priority": Priority.PERSONAL,
            "person": person,
            "recipient": recipient_key(person, ""),
            "subject_kind": "session" if session else "",
            "subject_id": session.pk if session else 0,
            "revision": session.revision if session else 0,
            "due_at": left_at,
            "not_after": left_at + HOUR,
            "state": Message.State.SENT,
            "attempts": 1,
            "frozen": b"x",
            "frozen_at": left_at,
            "data_started_at": left_at,
            "accepted_at": left_at,
            "message_id": f"<{key}@example.org>",
            "created_at": left_at,
            **fields,
        }
    )
    for number in range(1, tries + 1):
        Attempt.objects.create(message=message, number=number, outcome=Attempt.Outcome.SENT)
    return message


def names() -> list[str]:
    return [finding.name for finding in invariants.broken()]


def test_all_hold_for_letters_that_came_and_went(settings):
    make_kind()
    make_sent(make_session())
    make_message()
    deliver(settings)
    make_message(make_reader("bo@example.org"), due_at=timezone.now() + HOUR)

    assert [finding.name for finding in invariants.findings()] == [f"I{n}" for n in range(1, 13)]
    assert names() == []


def test_letter_that_was_sent_twice_is_found_unless_it_says_so():
    make_sent(tries=2, attempts=2, possible_duplicate=True)
    assert names() == []

    make_sent(tries=2, attempts=2)
    assert names() == ["I1"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("I3", {"not_after": timezone.now() - 2 * HOUR, "due_at": timezone.now() - 3 * HOUR}),
        ("I3", {"accepted_at": timezone.now() - 2 * HOUR}),
        ("I7", {"attempts": 2}),
        ("I7", {"tries": 0, "attempts": 0}),
        ("I8", {"frozen_at": timezone.now()}),
    ],
)
def test_sent_letter_that_cannot_be_right_is_found(name, fields):
    make_sent(**fields)

    assert names() == [name]


def test_letter_about_what_was_called_off_is_found():
    session = make_session(state="cancelled", revision=2)
    make_sent(session, priority=Priority.CANCELLATION)
    assert names() == []

    make_sent(session)
    assert names() == ["I4"]


def test_letter_about_what_had_changed_already_is_found():
    session, now = make_session(revision=2), timezone.now()
    make_sent(session, revision=1, left_at=now - 3 * HOUR)
    make_sent(session, left_at=now - 2 * HOUR)
    assert names() == []

    make_sent(session, revision=1, left_at=now - HOUR)
    assert names() == ["I5"]


def test_change_that_came_before_what_it_changed_is_found():
    session, person, now = make_session(revision=2), make_reader(), timezone.now()
    make_sent(session, person=person, left_at=now - 2 * HOUR)
    make_sent(session, person=person, left_at=now - HOUR, revision=1)

    assert names() == ["I5", "I10"]


def test_letter_that_a_dead_sender_holds_is_found():
    fields = {"state": Message.State.CLAIMED, "lease_token": uuid.uuid4(), "tries": 0}
    fields |= {"attempts": 0, "accepted_at": None, "not_after": timezone.now() + HOUR}
    make_sent(**fields, lease_until=timezone.now() - timedelta(minutes=1))
    assert names() == []

    make_sent(**fields, lease_until=timezone.now() - timedelta(minutes=3))
    assert names() == ["I6"]


def test_letter_that_waits_though_it_is_too_late_is_found():
    past = timezone.now() - 2 * HOUR
    make_message(due_at=past - HOUR, not_after=past)

    assert names() == ["I9"]


def test_letter_about_a_change_that_was_never_made_is_found():
    session = make_session()
    make_sent(session, revision=2)
    assert names() == ["I11"]


def test_letter_about_a_session_that_is_not_there_is_found():
    make_sent(subject_kind="session", subject_id=0)

    assert names() == ["I11"]


def test_letter_that_nobody_planned_is_found_and_not_planned_by_looking():
    make_booking(make_session())

    assert names() == ["I2"]
    assert not Message.objects.exists()


def test_plan_that_never_comes_to_rest_is_found(monkeypatch):
    step = Step(What.PLANNED, ("test", 1), None, "test.note", "", None, None)
    restless = Planner("notes", lambda keys: Changes([step]), lambda *_: [1], lambda person: [])
    monkeypatch.setattr(sweeping, "_planners", {"notes": restless})

    assert names() == ["I2", "I12"]


def test_command_says_what_is_broken_and_fails(capsys):
    call_command("check_outbox")
    assert capsys.readouterr().out.count(" holds ") == 12

    message = make_sent(tries=2, attempts=2)
    with pytest.raises(CommandError, match="1 of 12 do not hold"):
        call_command("check_outbox")
    assert str(message.pk) in capsys.readouterr().out
