"""What letters about sessions say, and what their links do."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_person, make_staff
from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.kinds import Letter, NotWanted
from dlp.outbox.models import Message
from dlp.signin import links
from training import reminders
from training.letters import sessions as letters
from training.models import Booking, Kind, Mode, Session
from training.operations import bookings, sessions
from training.reminders import CANCELLED, CHANGED, INVITATION, REMINDER
from training.tests.factories import make_booking, make_group, make_session, make_venue

pytestmark = pytest.mark.django_db


def written(session: Session, kind: str) -> Letter:
    """The one letter of a kind about a session, as it would be written now."""
    message = Message.objects.about("session", session.pk).filter(kind=kind).first()
    if message is None:
        booking = session.bookings.get()
        message = Message(kind=kind, person=booking.person, subject_id=session.pk)
    return kinds.get(kind).render(message)


def event(letter: Letter):
    assert letter.calendar is not None
    return Calendar.from_ical(letter.calendar.content).walk("VEVENT")[0]


def visitor() -> Client:
    return Client(headers={"host": "localhost"})


def address(booking: Booking) -> str:
    return reverse("training:letter_reply", args=[letters.reply_token(booking)])


def test_an_invitation_says_what_when_where_and_asks(lena: Person):
    session = make_session(
        "Reading fluency",
        starts_on=date(2027, 1, 14),
        venue=make_venue("Walworth Hall", postcode="SE17 1JE"),
        facilitators=[make_person("Bethan Price"), make_person("Imran Sheikh")],
        summary="Bring one reading text.",
    )
    make_booking(session, make_person("Ada Fenwick"))

    letter = written(session, INVITATION)

    assert letter.subject == "Invitation: Reading fluency, Thu 14 January 2027, 16:00–18:00"
    for words in (
        "Hello Ada.",
        "Walworth Hall, SE17 1JE",
        "Led by Bethan Price and Imran Sheikh",
        "Bring one reading text.",
        "?answer=yes",
        "?answer=no",
    ):
        assert words in letter.text
    assert "I’m coming" in letter.html
    assert "style=" not in letter.html


@pytest.mark.parametrize(
    ("hours", "words"), [(2, "Today at 16:00"), (20, "Tomorrow at 16:00"), (24 * 6, "In 6 days")]
)
def test_a_reminder_says_how_long_there_really_is(hours: int, words: str):
    with time_machine.travel("2027-01-14T16:00:00Z", tick=False) as clock:
        session = make_session("Reading fluency", starts_on=date(2027, 1, 14))
        make_booking(session, state=Booking.State.COMING)
        clock.move_to(session.starts_at - timedelta(hours=hours))

        letter = written(session, REMINDER)

    assert letter.subject == f"{words}: Reading fluency"
    assert "You said that you are coming." in letter.text
    assert letter.text.startswith(f"Reading fluency, {words[0].lower()}{words[1:]}\n")


@pytest.mark.parametrize("kind", [INVITATION, REMINDER, CHANGED, CANCELLED])
def test_supervision_is_a_meeting_and_names_nobody(lena: Person, kind: str):
    other = make_person("Rosa Delgado")
    group = make_group("Ruth’s supervision group", supervisor=make_person("Ruth Adeyemi"))
    session = make_session(
        "Supervision after a hard term",
        kind=Kind.SUPERVISION,
        group=group,
        summary="Supervision of Rosa Delgado",
    )
    make_booking(session, make_person("Ada Fenwick"))
    if kind == CANCELLED:
        session = sessions.cancel(session, by=lena, reason="Ruth Adeyemi is ill.")
    make_booking(make_session(), other)

    letter = written(session, kind)

    assert letter.calendar is not None
    everything = " ".join(
        [letter.subject, letter.text, letter.html, letter.calendar.content.decode()]
    )
    assert "Meeting" in letter.subject
    assert str(event(letter)["SUMMARY"]) == "Meeting"
    for word in ("upervision", "Rosa", "Ruth", "hard term"):
        assert word not in everything


@pytest.mark.parametrize("kind", [INVITATION, REMINDER, CHANGED])
def test_the_link_to_join_is_in_no_letter_and_no_calendar(kind: str):
    secret = "https://meet.example.org/secret"
    session = make_session(mode=Mode.ONLINE, join_link=secret)
    make_booking(session, state=Booking.State.COMING)

    letter = written(session, kind)

    assert letter.calendar is not None
    assert "secret" not in letter.text + letter.html + letter.calendar.content.decode()
    assert "24 hours before" in letter.text


def test_the_calendar_keeps_its_uid_and_counts_changes(lena: Person):
    session = make_session()
    make_booking(session)
    first = event(written(session, INVITATION))

    session = sessions.edit_session(session, by=lena, starts_time=time(15))
    second = event(written(session, CHANGED))

    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second["DTSTART"].dt.hour == 15


def told_then_edited(lena: Person, **fields: object) -> str:
    """What somebody who had the invitation reads once the session is changed."""
    in_a_month = timezone.localdate() + timedelta(days=30)
    session = make_session(
        "Reading fluency", starts_on=in_a_month, venue=make_venue("Walworth Hall")
    )
    make_booking(session, make_person("Ada Fenwick"))
    reminders.plan(session)
    Message.objects.filter(kind=INVITATION).update(data_started_at=timezone.now())
    sessions.edit_session(session, by=lena, **fields)  # type: ignore[arg-type]
    return " ".join(written(session, CHANGED).text.split())


def test_a_change_says_what_is_not_as_they_were_told(lena: Person):
    text = told_then_edited(lena, starts_time=time(15))

    assert re.search(r"It moved\. From \w{3} \d+ \w+( \d{4})?, 16:00 to 15:00\.", text)


def test_whoever_is_coming_and_is_moved_to_another_day_is_asked_anew(lena: Person):
    session = make_session(starts_on=timezone.localdate() + timedelta(days=30))
    make_booking(session, state="coming")
    reminders.plan(session)
    Message.objects.filter(kind=INVITATION).update(data_started_at=timezone.now())
    day = session.starts_on + timedelta(days=1)

    sessions.edit_session(session, by=lena, starts_on=day, ends_on=day)
    asked = " ".join(written(session, CHANGED).text.split())

    assert "You said that you are coming. If you cannot on that day, please say so." in asked
    assert "I can’t make it" in asked


def test_a_change_of_place_names_both(lena: Person):
    text = told_then_edited(lena, venue=make_venue("Kennington Rooms"))

    assert "It is somewhere else. It was at Walworth Hall; it is at Kennington Rooms." in text


def test_a_change_that_has_no_words_says_that_there_is_one(lena: Person):
    text = told_then_edited(lena, facilitators=[make_person("Imran Sheikh")])

    assert "Something about this has changed since we last wrote." in text


def test_what_goes_ahead_after_all_says_so(lena: Person):
    session = make_session(starts_on=timezone.localdate() + timedelta(days=30))
    make_booking(session)
    reminders.plan(session)
    Message.objects.filter(kind=INVITATION).update(data_started_at=timezone.now())
    session = sessions.cancel(session, by=lena)
    Message.objects.filter(kind=CANCELLED).update(data_started_at=timezone.now())

    session = sessions.reinstate(session)

    assert "It goes ahead after all." in written(session, CHANGED).text


def test_a_cancellation_takes_the_entry_out_and_says_why(lena: Person):
    session = make_session("Reading fluency")
    make_booking(session)
    session = sessions.cancel(session, by=lena, reason="The hall is flooded.")

    letter = written(session, CANCELLED)

    assert letter.calendar is not None
    assert letter.calendar.method == "CANCEL"
    assert str(event(letter)["STATUS"]) == "CANCELLED"
    assert letter.subject.startswith("Cancelled: Reading fluency")
    assert "The hall is flooded." in letter.text


def test_a_postponed_session_says_so():
    session = make_session()
    make_booking(session)

    letter = written(sessions.postpone(session), CANCELLED)

    assert letter.subject.startswith("Postponed")
    assert "when there is a new date" in " ".join(letter.text.split())


def test_a_reply_reaches_whoever_coordinates(lena: Person):
    cohort = make_cohort()
    cohort.coordinator = make_staff("Lena Hartley")
    cohort.save()
    session = make_session(cohorts=[cohort])
    make_booking(session)

    assert cohort.coordinator.email in written(session, INVITATION).reply_to


def test_only_a_reminder_can_be_switched_off_from_its_foot(lena: Person):
    session = make_session()
    ada = make_booking(session, make_person("Ada Fenwick")).person

    letter = written(session, REMINDER)
    assert letter.stop_link
    assert letter.stop_link in letter.text
    assert letter.stop_link in letter.html
    visitor().post("/" + letter.stop_link.split("/", 3)[3])

    assert ada.muted_topics.get().topic == letters.REMINDERS.name
    for kind in (INVITATION, CHANGED, CANCELLED):
        assert written(session, kind).stop_link == ""
        assert "letters/stop" not in written(session, kind).text


def test_a_letter_is_looked_at_again_before_it_leaves(lena: Person):
    session = make_session()
    booking = make_booking(session)
    reminders.plan(session)
    message = Message.objects.get(kind=INVITATION)
    is_wanted = kinds.get(INVITATION).is_wanted

    assert is_wanted(message)
    Booking.objects.filter(pk=booking.pk).update(state="withdrawn")
    assert not is_wanted(message)
    Session.objects.filter(pk=session.pk).update(revision=2)
    with pytest.raises(NotWanted, match="has changed since"):
        is_wanted(message)


def test_looking_at_a_letters_link_changes_nothing():
    booking = make_booking(make_session("Reading fluency"))
    before = Booking.pgh_event_model.objects.count()

    for path in (address(booking), f"{address(booking)}?answer=no"):
        page = visitor().get(path)
        assert page.status_code == 200
        assert "Reading fluency" in page.content.decode()
        assert visitor().head(path).status_code == 200

    booking.refresh_from_db()
    assert booking.state == Booking.State.INVITED
    assert Booking.pgh_event_model.objects.count() == before


def test_pressing_the_button_answers_without_signing_in():
    booking = make_booking()

    page = visitor().post(
        address(booking), {"answer": "no", "reason": "A governors’ meeting"}, follow=True
    )

    booking.refresh_from_db()
    assert (booking.state, booking.replied_via) == (Booking.State.NOT_COMING, "letter")
    assert booking.reply_reason == "A governors’ meeting"
    assert "you are not coming" in page.content.decode()


def test_a_letters_link_opens_no_other_page():
    booking = make_booking()
    someone = visitor()
    someone.post(address(booking), {"answer": "yes"})

    assert someone.get(booking.session.get_absolute_url()).status_code == 302


def test_a_letters_link_is_for_its_own_booking_and_purpose(lena: Person):
    booking = make_booking()
    other_purpose = links.make("invitation", timedelta(days=1), booking=booking.pk)
    token = letters.reply_token(booking)

    for wrong in (other_purpose, token[:-3] + "abc", "nonsense"):
        page = visitor().get(reverse("training:letter_reply", args=[wrong]))
        assert page.status_code == 410
        assert "Sign in to see your sessions" in page.content.decode()


def test_an_old_link_says_what_to_do():
    booking = make_booking()
    path = address(booking)

    with time_machine.travel(booking.session.ends_at + timedelta(days=2), tick=False):
        page = visitor().get(path)

    assert page.status_code == 410
    assert "This link does not open" in page.content.decode()


def test_a_link_to_what_is_cancelled_says_so_and_takes_no_answer(lena: Person):
    booking = make_booking()
    sessions.cancel(booking.session, by=lena)

    page = visitor().get(address(booking)).content.decode()
    answer = visitor().post(address(booking), {"answer": "yes"}, follow=True).content.decode()

    assert "It is cancelled" in page
    assert "There is nothing to answer" in answer
    booking.refresh_from_db()
    assert booking.state == Booking.State.INVITED


def test_the_page_of_a_letter_calls_supervision_a_meeting():
    session = make_session("Supervision", kind=Kind.SUPERVISION)

    page = visitor().get(address(make_booking(session))).content.decode()

    assert "<h1>Meeting</h1>" in page
    assert "upervision" not in page


def test_a_clash_is_named_in_a_letters_page_as_letters_name_it():
    person = make_person()
    other = make_session("Supervision", kind=Kind.SUPERVISION, starts_time=time(16))
    make_booking(other, person, state=Booking.State.COMING)

    with pytest.raises(Refused, match="at that time: a meeting, "):
        bookings.reply(make_booking(make_session(), person), coming=True, via="letter")


def test_the_token_lives_until_the_session_is_over():
    booking = make_booking(make_session(starts_on=timezone.localdate() + timedelta(days=50)))
    token = letters.reply_token(booking)

    with time_machine.travel(booking.session.starts_at - timedelta(hours=1), tick=False):
        assert links.read(token, letters.REPLY) == {"booking": booking.pk}


@pytest.mark.parametrize("kind", reminders.KINDS)
def test_letter_with_a_link_to_answer_is_readable_in_no_table(lena: Person, kind: str):
    session = make_session("Reading fluency")
    make_booking(session, make_person("Ada Fenwick"))

    letter = written(session, kind)

    assert kinds.get(kind).holds_link == ("/r/" in letter.text + letter.html)
