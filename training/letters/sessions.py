"""The letters about sessions. Supervision is a "Meeting" in all of them, without any names.

No letter or calendar entry contains the link to join: it is on the session's page from 24 hours
before, for people who are coming.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from cohorts.answering import reply_to
from cohorts.models import Person
from dlp import words
from dlp.news import events_of
from dlp.outbox import kinds
from dlp.outbox.kinds import CalendarPart, Kind, NotWanted, Priority
from dlp.outbox.models import Message
from dlp.outbox.writing import calendars
from dlp.outbox.writing.wording import Draft, Wording
from dlp.signin import links
from training.differences import differences
from training.letters import samples, wordings
from training.models import Booking, Mode, Presenter, Session
from training.models import Kind as SessionKind
from training.reminders import (
    CANCELLED,
    CHANGED,
    CONCERNED,
    INVITATION,
    REMINDER,
    SUBJECT,
)

REPLY = "training.reply"
LOOKED_AT = "looked_at"
STILL_COMING = "You said that you are coming. If you cannot on that day, please say so."
SOMETHING_CHANGED = "Something about this has changed since we last wrote."


def title_of(session: Session) -> str:
    """What letters and calendars call it."""
    return "Meeting" if session.kind == SessionKind.SUPERVISION else session.title


def time_left(starts_at: datetime, now: datetime) -> str:
    """The real time left: today at 16:00, tomorrow at 16:00, in 6 days, …"""
    days = (words.as_day(starts_at) - words.as_day(now)).days
    if days < 2:
        return f"{words.from_today(starts_at, today=words.as_day(now))} at {words.clock(starts_at)}"
    return words.from_today(starts_at, today=words.as_day(now))


def reply_token(booking: Booking) -> str:
    """A signed token to answer for one booking, and nothing else, until the session ends."""
    session = booking.session
    lifetime = max(session.ends_at - timezone.now(), timedelta()) + timedelta(days=1)
    return links.make(REPLY, lifetime, booking=booking.pk)


def invitation(message: Message) -> Draft:
    return draft_about("invitation", *subject_of(message))


def reminder(message: Message) -> Draft:
    session, booking = subject_of(message)
    left = time_left(session.starts_at, timezone.now())
    is_coming = booking.state == Booking.State.COMING
    said = "said that you are coming" if is_coming else "have not said yet whether you are coming"
    return draft_about(
        "reminder", session, booking, {"time_left": left, "their_answer": f"You {said}."}, left=left
    )


def changed(message: Message) -> Draft:
    session, booking = subject_of(message)
    then = last_told(session, booking.person)
    said = what_changed(then, session)
    is_other_day = then and words.as_day(then.starts_at) != words.as_day(session.starts_at)
    if is_other_day and booking.state == Booking.State.COMING:
        said = f"{said} {STILL_COMING}"
    return draft_about("changed", session, booking, {"what_changed": said})


def cancelled(message: Message) -> Draft:
    session, booking = subject_of(message)
    said = called_off(session)
    return draft_about("cancelled", session, booking, said, word=said["cancelled"].lower())


def called_off(session: Session) -> dict[str, str]:
    """The values for a session that does not take place; for supervision without the reason."""
    is_postponed = session.state == Session.State.POSTPONED
    until = " on that day; we write again when there is a new date" if is_postponed else ""
    return {
        "cancelled": "Postponed" if is_postponed else "Cancelled",
        "what_now": f"This does not take place{until}.",
        "reason": "" if session.kind == SessionKind.SUPERVISION else session.cancelled_reason,
    }


def draft_about(
    template: str,
    session: Session,
    booking: Booking,
    said: dict[str, str] | None = None,
    **shown: str,
) -> Draft:
    """A letter about a session: `said` is added to the placeholders, `shown` to the facts."""
    facts = _facts(session, booking)
    values = {"first_name": booking.person.first_name}
    values |= {name: facts[name] for name in ("title", "when", "place")}
    return Draft(
        f"training/{template}",
        values | (said or {}),
        {**facts, **shown},
        calendar=entry(session, booking.person, unsure=booking.state != Booking.State.COMING),
        reply_to=reply_to_of(session),
    )


def last_told(session: Session, person: Person) -> Any | None:
    """The session as this person was last told of it; None if nobody told them."""
    told = (
        Message.objects.about(SUBJECT, session.pk)
        .told()
        .filter(person=person, revision__lt=session.revision)
        .aggregate(last=Max("revision"))
    )
    return events_of(Session).filter(pgh_obj=session.pk, revision=told["last"]).last()


def what_changed(then: Any | None, session: Session) -> str:
    """The differences between the session and what somebody was last told."""
    if then is None:
        return SOMETHING_CHANGED
    if then.state == Session.State.CANCELLED:
        return "It goes ahead after all."
    if then.state == Session.State.POSTPONED:
        return "It has its new date."
    told_of = [f"{what.format('It')}. {how}" for what, how in differences(then, session)]
    return " ".join(told_of) or SOMETHING_CHANGED


def still_wanted(message: Message) -> bool:
    """Whether a letter is still true for its reader; checked again just before it is sent."""
    booking = vars(message)[LOOKED_AT] = booking_of(message)
    is_off = message.kind == CANCELLED
    check_tells_the_truth(message, booking.session, is_off=is_off)
    states = CONCERNED if is_off else Booking.LIVE_STATES
    waits_on = message.kind == CHANGED and booking.state == Booking.State.WAITING
    return (booking.state in states or waits_on) and booking.may_be_written_to


def check_tells_the_truth(message: Message, session: Session, *, is_off: bool) -> None:
    """Raises NotWanted if the session's revision, or whether it takes place, has changed."""
    if session.revision != message.revision:
        raise NotWanted("The session has changed since.", state=Message.State.SUPERSEDED)
    if is_off != (session.state in Session.CALLED_OFF) or session.state == Session.State.DRAFT:
        raise NotWanted("Whether the session goes ahead has changed since.")


REMINDERS = kinds.Topic("reminders", "Reminders of sessions")
ONCE_BEGUN = "Once the session has begun."


LETTERS = [
    Kind(
        name=INVITATION,
        label="Invitation to a session",
        purpose="Asks somebody to come, and whether they can.",
        audience="Everybody invited to the session",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.INVITATION,
            wordings.ABOUT_EVERY_SESSION,
            invitation,
            samples.people_invited,
            note=wordings.NOTE,
        ),
        priority=Priority.PERSONAL,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=REMINDER,
        label="Reminder of a session",
        purpose="Says that a session is near, and whether they said that they are coming.",
        audience="Everybody invited to the session who has not said no",
        too_late="Some time before the session begins: each reminder has its own time for it.",
        render=Wording(
            wordings.REMINDER,
            (*wordings.ABOUT_EVERY_SESSION, wordings.TIME_LEFT, wordings.THEIR_ANSWER),
            reminder,
            samples.people_invited,
            note=wordings.NOTE,
        ),
        topic=REMINDERS,
        priority=Priority.REMINDER,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=CHANGED,
        label="Change of a session",
        purpose="Says what is not as it was about a session, and how it stands now.",
        audience="Everybody who was told of the session before and has not said no",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.CHANGED,
            (*wordings.ABOUT_EVERY_SESSION, wordings.WHAT_CHANGED),
            changed,
            samples.people_invited,
            note=wordings.NOTE,
        ),
        priority=Priority.UPDATE,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=CANCELLED,
        label="Session cancelled or postponed",
        purpose="Says that a session does not take place, and takes it out of calendars.",
        audience="Everybody who was told of the session before",
        too_late="Once the session would have been over.",
        render=Wording(
            wordings.CALLED_OFF,
            (*wordings.ABOUT_EVERY_SESSION, *wordings.ABOUT_WHAT_IS_OFF),
            cancelled,
            samples.people_called_off,
            note=wordings.NOTE,
        ),
        priority=Priority.CANCELLATION,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
]


def register() -> None:
    for kind in LETTERS:
        kinds.register(kind)


def subject_of(message: Message) -> tuple[Session, Booking]:
    """The subject of a letter: as just read under its lock, else read now."""
    booking: Booking = vars(message).pop(LOOKED_AT, None) or booking_of(message)
    return booking.session, booking


def booking_of(message: Message) -> Booking:
    found = Booking.objects.with_reach().select_related(
        "session__venue", "session__group", "person"
    )
    return found.get(session=message.subject_id, person=message.person_id)


def _facts(session: Session, booking: Booking) -> dict[str, Any]:
    """What every letter says: what, when, where, who leads, and the two buttons."""
    answer = reverse("training:letter_reply", args=[reply_token(booking)])
    is_meeting = session.kind == SessionKind.SUPERVISION
    leaders = [] if is_meeting else [leader.name for leader in session.facilitators.all()]
    return {
        "session": session,
        "person": booking.person,
        "title": title_of(session),
        "when": when_of(session),
        "place": place_of(session),
        "leaders": words.joined(leaders),
        "summary": "" if is_meeting else session.summary,
        "is_coming": booking.state == Booking.State.COMING,
        "is_online": session.mode != Mode.IN_PERSON,
        "page_path": session.get_absolute_url(),
        "yes_path": f"{answer}?answer=yes",
        "no_path": f"{answer}?answer=no",
    }


def entry(session: Session, person: Person | Presenter, *, unsure: bool = False) -> CalendarPart:
    """The session in one person's calendar, or its removal; `unsure` marks it as unanswered."""
    shown = calendars.Entry(
        session.ics_uid,
        session.ics_sequence,
        title_of(session),
        session.starts_at,
        session.ends_at,
        place=place_of(session),
        url=links.absolute(session.get_absolute_url()),
    )
    address, now = person.email or "", timezone.now()
    if session.state in Session.CALLED_OFF:
        return calendars.cancellation(shown, name=person.name, address=address, at=now)
    return calendars.invitation(shown, name=person.name, address=address, at=now, tentative=unsure)


def when_of(session: Session) -> str:
    return words.when(session.starts_at, session.ends_at)


def place_of(session: Session) -> str:
    """The place on one line, with its postcode if it has one."""
    where = _capital(session.place)
    postcode = session.venue.postcode if session.venue else ""
    return f"{where}, {postcode}" if postcode else where


def reply_to_of(session: Session) -> str:
    """Whoever answers for a cohort the session is for; else the programme's own address."""
    cohorts = session.cohorts.filter(coordinator__email__isnull=False).select_related("coordinator")
    cohort = cohorts.first()
    return reply_to(cohort.coordinator if cohort else None)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
