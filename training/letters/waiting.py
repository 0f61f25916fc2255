"""The letters to people who sign up: a place is theirs, is offered, or has become free."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from dlp import words
from dlp.outbox import kinds
from dlp.outbox.kinds import Kind, NotWanted, Priority
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Wording
from training import waiting
from training.letters import samples, wordings
from training.letters.sessions import (
    LOOKED_AT,
    ONCE_BEGUN,
    booking_of,
    check_tells_the_truth,
    draft_about,
    subject_of,
)
from training.models import Booking, Session
from training.reminders import FREE, OFFER, PLACE, lead_of

State = Booking.State


def offer(message: Message) -> Draft:
    """A place for this person alone, until a moment. No calendar entry: it is not theirs yet."""
    session, booking = subject_of(message)
    ends = words.moment(booking.offer_ends_at or waiting.offer_end(session))
    drafted = draft_about("offer", session, booking, {"offer_ends": ends})
    return replace(drafted, calendar=None)


def free(message: Message) -> Draft:
    """A place for whoever takes it first of those who wait."""
    return replace(draft_about("offer", *subject_of(message)), calendar=None)


def place(message: Message) -> Draft:
    return draft_about("place", *subject_of(message))


def still_offered(message: Message) -> bool:
    booking = _looked_at(message)
    ends_at = booking.offer_ends_at
    if ends_at is None or ends_at <= timezone.now():
        raise NotWanted("The offer is answered or over.")
    if message.lead != lead_of(ends_at):
        raise NotWanted("A newer offer takes its place.", state=Message.State.SUPERSEDED)
    return booking.may_be_written_to


def still_free(message: Message) -> bool:
    booking = _looked_at(message)
    if waiting.is_full(booking.session):
        raise NotWanted("Somebody has taken the place since.")
    return booking.state == State.WAITING and booking.may_be_written_to


def still_theirs(message: Message) -> bool:
    booking = _looked_at(message)
    return booking.state == State.COMING and booking.may_be_written_to


def _looked_at(message: Message) -> Booking:
    """The booking as it is now. Raises NotWanted if the letter is no longer true."""
    booking = vars(message)[LOOKED_AT] = booking_of(message)
    check_tells_the_truth(message, booking.session, is_off=False)
    return booking


LETTERS = [
    Kind(
        name=OFFER,
        label="Offer of a place",
        purpose="Offers a place that became free to whoever has waited longest, and says until when.",
        audience="Whoever is first on the waiting list",
        too_late="Once the offer has ended.",
        render=Wording(
            wordings.OFFER,
            (*wordings.ABOUT_EVERY_SESSION, wordings.OFFER_ENDS),
            offer,
            samples.people_in_line,
            note=wordings.NOTE,
        ),
        priority=Priority.PERSONAL,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_offered,
    ),
    Kind(
        name=FREE,
        label="A place is free, first come",
        purpose="Says, once offers have ended, that a place is free for whoever takes it first.",
        audience="Everybody on the waiting list",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.FREE,
            wordings.ABOUT_EVERY_SESSION,
            free,
            samples.people_in_line,
            note=wordings.NOTE,
        ),
        priority=Priority.PERSONAL,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_free,
    ),
    Kind(
        name=PLACE,
        label="You have a place",
        purpose="Confirms a place that somebody asked for, and puts it into their calendar.",
        audience="Whoever signed up, or took a place they were offered",
        too_late=ONCE_BEGUN,
        render=Wording(
            wordings.PLACE_TAKEN,
            wordings.ABOUT_EVERY_SESSION,
            place,
            samples.people_invited,
            note=wordings.NOTE,
        ),
        priority=Priority.PERSONAL,
        holds_link=True,
        lock_subject=kinds.share_lock(Session),
        is_wanted=still_theirs,
    ),
]


def register() -> None:
    for kind in LETTERS:
        kinds.register(kind)
