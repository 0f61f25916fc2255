"""The letters to those who lead a session. About supervision they give numbers, never names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cohorts.models import Person
from dlp import words
from dlp.outbox import kinds
from dlp.outbox.kinds import Kind, Priority
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Wording
from training.leader_reminders import (
    BRIEFING,
    LEADING,
    LEADING_CANCELLED,
    LEADING_CHANGED,
    leaders_of,
)
from training.letters import samples, wordings
from training.letters.sessions import (
    ONCE_BEGUN,
    called_off,
    check_tells_the_truth,
    entry,
    last_told,
    place_of,
    reply_to_of,
    time_left,
    title_of,
    what_changed,
    when_of,
)
from training.models import Booking, Session
from training.models import Kind as SessionKind
from training.operations.needs import count_for

State = Booking.State


def leading(message: Message) -> Draft:
    return _draft("leading", *_subject(message))


def changed(message: Message) -> Draft:
    session, person = _subject(message)
    said = what_changed(last_told(session, person), session)
    return _draft("leading", session, person, {"what_changed": said})


def cancelled(message: Message) -> Draft:
    session, person = _subject(message)
    said = called_off(session)
    return _draft("cancelled", session, person, said, word=said["cancelled"].lower())


def briefing(message: Message) -> Draft:
    """Who comes, who comes for the first time, who cannot and why, who has not answered.

    What people need is not in it: that is on a page, where each reading is recorded.
    """
    session, person = _subject(message)
    left = time_left(session.starts_at, timezone.now())
    booked = list(_booked(session))
    names = [] if session.kind == SessionKind.SUPERVISION else _by_answer(booked)
    said = {"time_left": left, "who_comes": _who_comes(booked)}
    needs = count_for(session, leader=person)
    drafted = _draft("briefing", session, person, said, left=left, answers=names, needs=needs)
    return replace(drafted, calendar=None)


def still_wanted(message: Message) -> bool:
    """Whether a letter is still true for somebody who leads; checked again just before it is sent."""
    session = Session.objects.get(pk=message.subject_id)
    check_tells_the_truth(message, session, is_off=message.kind == LEADING_CANCELLED)
    return message.person_id in leaders_of([session.pk])[session.pk]


def register() -> None:
    for kind in LETTERS:
        kinds.register(kind)


def _subject(message: Message) -> tuple[Session, Person]:
    assert message.person is not None  # noqa: S101  those who lead are people
    session = Session.objects.select_related("venue", "group").get(pk=message.subject_id)
    return session, message.person


def _draft(
    template: str,
    session: Session,
    person: Person,
    said: dict[str, str] | None = None,
    **shown: Any,
) -> Draft:
    values = {
        "first_name": person.first_name,
        "title": title_of(session),
        "when": when_of(session),
        "place": place_of(session),
    }
    facts = {**values, "page_path": session.get_absolute_url(), **shown}
    return Draft(
        f"training/{template}",
        values | (said or {}),
        facts,
        calendar=entry(session, person),
        reply_to=reply_to_of(session),
    )


def _booked(session: Session) -> Any:
    """Everybody asked and not removed, by name, with whether they have been to a session before."""
    before = Booking.objects.filter(
        person=OuterRef("person"),
        attendance__in=Booking.CAME,
        session__starts_at__lt=session.starts_at,
    )
    return (
        session.bookings.standing()
        .filter(person__is_active=True)
        .select_related("person")
        .annotate(came_before=Exists(before))
        .order_by("person__search_text")
    )


def _who_comes(booked: list[Booking]) -> str:
    coming, unable, silent = (
        sum(one.state == state for one in booked)
        for state in (State.COMING, State.NOT_COMING, State.INVITED)
    )
    if not booked:
        return "Nobody is invited yet."
    said = [f"{coming or 'nobody'} {'is' if coming < 2 else 'are'} coming"]
    if unable:
        said.append(f"{unable} cannot come")
    if silent:
        said.append(f"{silent} {'has' if silent == 1 else 'have'} not said")
    sentence = words.joined(said)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _by_answer(booked: list[Booking]) -> list[tuple[str, list[str]]]:
    """A heading and the names under it, for each answer that was given."""
    coming = [one for one in booked if one.state == State.COMING]
    groups = [
        ("Coming", [_named(one) for one in coming]),
        ("Cannot come", [_excused(one) for one in booked if one.state == State.NOT_COMING]),
        ("Have not said", [one.person.name for one in booked if one.state == State.INVITED]),
        (
            "Waiting for a place",
            [one.person.name for one in booked if one.state in (State.WAITING, State.OFFERED)],
        ),
    ]
    return [(heading, names) for heading, names in groups if names]


def _named(booking: Any) -> str:
    return booking.person.name if booking.came_before else f"{booking.person.name} (first session)"


def _excused(booking: Booking) -> str:
    why = f": {booking.reply_reason}" if booking.reply_reason else ""
    return f"{booking.person.name}{why}"


LETTERS = [
    Kind(
        name=LEADING,
        label="You lead a session",
        purpose="Says that somebody leads a session, and puts it into their calendar.",
        audience="Whoever leads the session",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.LEADING,
            wordings.ABOUT_EVERY_SESSION,
            leading,
            samples.people_who_lead,
            note=wordings.NOTE,
        ),
        priority=Priority.PERSONAL,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=LEADING_CHANGED,
        label="Change of a session, to whoever leads it",
        purpose="Says what is not as it was about a session that somebody leads.",
        audience="Whoever leads the session and was told of it before",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.LEADING_CHANGED,
            (*wordings.ABOUT_EVERY_SESSION, wordings.WHAT_CHANGED),
            changed,
            samples.people_who_lead,
            note=wordings.NOTE,
        ),
        priority=Priority.UPDATE,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=LEADING_CANCELLED,
        label="Session cancelled or postponed, to whoever leads it",
        purpose="Says that a session does not take place, and takes it out of their calendar.",
        audience="Whoever leads the session and was told of it before",
        too_late="Once the session would have been over.",
        render=Wording(
            wordings.CALLED_OFF,
            (*wordings.ABOUT_EVERY_SESSION, *wordings.ABOUT_WHAT_IS_OFF),
            cancelled,
            samples.people_who_led,
            note=wordings.NOTE,
        ),
        priority=Priority.CANCELLATION,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
    Kind(
        name=BRIEFING,
        label="Briefing before a session",
        purpose="Says who comes, who comes for the first time, who cannot, and who has not said.",
        audience="Whoever leads the session",
        too_late="An hour before the session begins.",
        render=Wording(
            wordings.BRIEFING,
            (*wordings.ABOUT_EVERY_SESSION, wordings.TIME_LEFT, wordings.WHO_COMES),
            briefing,
            samples.people_who_lead,
            note=wordings.NOTE,
        ),
        priority=Priority.REMINDER,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_wanted,
    ),
]
