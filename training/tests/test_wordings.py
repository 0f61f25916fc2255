"""Letters about sessions in the words of staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.drill.relay import ChaosRelay
from dlp.outbox import kinds
from dlp.outbox.delivery import sending
from dlp.outbox.kinds import Letter
from dlp.outbox.models import KindText, Message
from dlp.outbox.tests.factories import deliver
from dlp.outbox.writing import wording
from training import reminders
from training.models import Booking, Kind, Session
from training.operations import sessions
from training.reminders import CANCELLED, CHANGED, INVITATION, KINDS, REMINDER
from training.tests.factories import make_booking, make_group, make_session, make_venue

pytestmark = pytest.mark.django_db


def put_into_words(kind: str, body: str, subject: str = "S {title}") -> None:
    KindText.objects.update_or_create(kind=kind, defaults={"subject": subject, "body": body})


def written(session: Session, kind: str) -> Letter:
    booking = session.bookings.get()
    message = Message(kind=kind, person=booking.person, subject_id=session.pk)
    return kinds.get(kind).render(message)


def every_placeholder(kind: str) -> str:
    worded = wording.of(kinds.get(kind))
    assert worded is not None
    return "\n\n".join(f"{one.name}: {one}" for one in worded.placeholders)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_full", [True, False])
def test_every_placeholder_can_be_written_for_sessions_full_of_facts_and_bare(
    lena: Person, kind: str, is_full: bool
):
    session = make_session(
        "Reading & <fluency> {title}" if is_full else "",
        venue=make_venue("Hall {place}") if is_full else None,
        starts_on=timezone.localdate() + timedelta(days=3),
    )
    make_booking(session, make_person("李" if is_full else "A" * 200, email=None))
    if kind == CANCELLED:
        session = sessions.cancel(session, by=lena, reason="{reason} <b>" if is_full else "")
    put_into_words(kind, every_placeholder(kind), "{title}")

    letter = written(session, kind)

    assert letter.subject
    for name in every_placeholder(kind).split("\n\n"):
        assert f"{name.partition(':')[0]}:" in letter.text


def test_every_placeholder_of_the_invitation_to_sign_in_can_be_written():
    person = make_person("李")
    put_into_words("cohorts.welcome", every_placeholder("cohorts.welcome"), "{first_name}")
    kind = kinds.get("cohorts.welcome")

    without = kind.render(Message(kind=kind.name, person=person))
    make_participation(person, make_cohort("2026 Cohort"))
    within = kind.render(Message(kind=kind.name, person=person))

    assert "made a place for you" in " ".join(without.text.split())
    assert "You are in the 2026 Cohort" in within.text


def test_letters_not_yet_written_use_the_new_words(lena: Person, settings):
    session = make_session("Reading fluency", starts_on=timezone.localdate() + timedelta(days=40))
    make_booking(session, make_person("Ada Fenwick"))
    reminders.plan(session)

    put_into_words(INVITATION, "Dear {first_name}, do come.", "Come to {title}")
    (letter,) = deliver(settings)

    assert letter["Subject"] == "Come to Reading fluency"
    text = letter.get_body(("plain",)).get_content()
    assert "Dear Ada, do come." in text
    assert "?answer=yes" in text, "the buttons are the layout's own"


def test_a_letter_once_written_keeps_its_words_whatever_is_edited(lena: Person, settings):
    session = make_session("Reading fluency", starts_on=timezone.localdate() + timedelta(days=40))
    make_booking(session, make_person("Ada Fenwick"))
    reminders.plan(session)
    with ChaosRelay() as relay:
        settings.EMAIL_URL = relay.url
        relay.mode = "451 after the body"
        sending.drain()
        put_into_words(INVITATION, "Other words.")
        Message.objects.filter(state="retry").update(next_attempt_at=timezone.now())
        relay.mode = "good"
        sending.drain()

        ((_, content),) = relay.taken

    assert b"Hello Ada. You are invited." in content
    assert b"Other words" not in content


def test_words_that_name_what_there_is_no_longer_give_way_to_the_programmes_own():
    session = make_session("Reading fluency")
    make_booking(session, make_person("Ada Fenwick"))
    put_into_words(INVITATION, "Hello {shoe_size}.")

    assert "Hello Ada. You are invited." in written(session, INVITATION).text


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_tells_more_of_supervision_than_that_it_is_a_meeting(
    lena: Person, kind: str
):
    ruth = make_person("Ruth Adeyemi")
    session = make_session(
        "Supervision after a hard term",
        kind=Kind.SUPERVISION,
        group=make_group("Ruth’s supervision group", supervisor=ruth),
        facilitators=[ruth],
        summary="Supervision of Rosa Delgado",
    )
    make_booking(session, make_person("Ada Fenwick"))
    if kind == CANCELLED:
        session = sessions.cancel(session, by=lena, reason="Ruth Adeyemi is ill.")
    put_into_words(kind, every_placeholder(kind), "{title} {first_name} {when}")

    letter = written(session, kind)

    everything = letter.subject + letter.text + letter.html
    assert letter.subject.startswith("Meeting Ada")
    for word in ("upervision", "Rosa", "Ruth", "hard term", "is ill"):
        assert word not in everything


def test_a_reminder_names_its_session_whatever_the_words_are():
    session = make_session("Reading fluency", starts_on=timezone.localdate() + timedelta(days=6))
    make_booking(session, make_person("Ada Fenwick"), state=Booking.State.COMING)
    put_into_words(REMINDER, "See you there.", "Soon")

    letter = written(session, REMINDER)

    assert letter.text.startswith("Reading fluency, in 6 days\n")
    assert "<h1>Reading fluency, in 6 days</h1>" in letter.html


def test_a_change_may_be_put_in_other_words_too():
    session = make_session()
    make_booking(session)
    put_into_words(CHANGED, "Look: {what_changed}")

    assert "Look: Something about this has changed" in written(session, CHANGED).text
