"""A message to many people: drafting, sending and undoing it. Every change goes through here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.clock import database_now
from dlp.outbox.delivery import doorbell
from dlp.outbox.letters import MAILING, SUBJECT
from dlp.outbox.mailing import audiences
from dlp.outbox.mailing.audiences import Recipients
from dlp.outbox.models import Attempt, Mailing, Message, QuietHours
from dlp.outbox.models.messages import MessageQuerySet
from dlp.outbox.models.states import State
from dlp.outbox.operations import add, close, new_message, of_person, when_to_leave
from dlp.outbox.writing.wording import Words

if TYPE_CHECKING:
    from cohorts.models import Person

HOLD = timedelta(hours=1)
CALLED_OFF = "The message was called off."


def letters_of(mailing: Mailing) -> MessageQuerySet:
    return Message.objects.about(SUBJECT, mailing.pk)


def draft_mailing(said: Words, *, audience: str, asked: str, by: Person) -> Mailing:
    """Save a draft and its list; nothing is sent."""
    return Mailing.objects.create(
        subject=said.subject,
        body=said.body,
        audience=audience,
        asked=asked,
        whom=audiences.ask(by, audience, asked).words,
        written_by=by,
    )


@transaction.atomic
def edit_mailing(mailing: Mailing, said: Words) -> Mailing:
    """Change the text of a draft. Raises Refused once it was sent."""
    mailing = _locked(mailing)
    if not mailing.is_draft:
        raise Refused("This message was sent, so its words stand.")
    mailing.subject, mailing.body = said.subject, said.body
    mailing.save(update_fields=["subject", "body"])
    return mailing


@transaction.atomic
def discard_mailing(mailing: Mailing) -> None:
    """Delete a draft. Raises Refused once it was sent."""
    mailing = _locked(mailing)
    if not mailing.is_draft:
        raise Refused("This message was sent, so it is kept.")
    mailing.delete()


@transaction.atomic
def send_mailing(mailing: Mailing, *, by: Person, seen: str) -> Mailing:
    """Fix the recipients, write one letter for each, and hold them all for an hour.

    `seen` is the fingerprint of the recipients that the sender saw. Sending twice is harmless.
    Raises Refused if the list has changed since, if nobody on it can be written to, or if replies
    would reach nobody.
    """
    mailing = _locked(mailing)
    if not mailing.is_draft:
        return mailing
    if not by.email:
        raise Refused("Replies go to whoever sends it, and you have no e-mail address here.")
    found = audiences.recipients(by, mailing.audience, mailing.asked)
    if not found.going:
        raise Refused("Nobody on this list can be written to.")
    if found.fingerprint != seen:
        raise Refused("The list has changed since you looked. Look again, then send it.")
    now = database_now()
    mailing.state, mailing.sent_by, mailing.sent_at = Mailing.State.SENT, by, now
    mailing.held_until, mailing.whom = now + HOLD, found.words
    mailing.save(update_fields=["state", "sent_by", "sent_at", "held_until", "whom"])
    add(_letters(mailing, found, now=now, held_until=now + HOLD), now=now)
    return mailing


def _letters(
    mailing: Mailing, found: Recipients, *, now: datetime, held_until: datetime
) -> list[Message]:
    """A letter for each recipient, and one marked as not needed for each person left out."""
    kind, letters = kinds.get(MAILING), []
    not_after, nights = held_until + kind.useful_for, QuietHours.objects.nights()
    leaves_at = when_to_leave(kind, held_until, not_after=not_after, nights=nights)
    for person, reason in [*((person, "") for person in found.going), *found.left_out]:
        letter = new_message(
            kind,
            recipient=of_person(person.pk),
            person_id=person.pk,
            subject_kind=SUBJECT,
            subject_id=mailing.pk,
            now=now,
            leaves_at=leaves_at,
            not_after=not_after,
        )
        if reason:
            letter.state, letter.state_reason = State.SUPPRESSED, reason
        else:
            letter.held_until = held_until
        letters.append(letter)
    return letters


@transaction.atomic
def send_now(mailing: Mailing) -> Mailing:
    """End the hold. At night letters still wait for the morning; those held by hand stay held.

    Raises Refused if it is not waiting.
    """
    mailing = _locked(mailing)
    now = database_now()
    if mailing.state != Mailing.State.SENT or mailing.held_until is None:
        raise Refused("Only a message that was sent can leave.")
    if mailing.held_until <= now:
        return mailing
    letters_of(mailing).filter(
        state__in=Message.WAITING_STATES, held_until=mailing.held_until
    ).update(held_until=None, due_at=Now(), next_attempt_at=Now(), updated_at=Now())
    mailing.held_until = now
    mailing.save(update_fields=["held_until"])
    doorbell.ring_on_commit()
    return mailing


@transaction.atomic
def undo_mailing(mailing: Mailing, *, by: Person) -> int:
    """Cancel every letter that has not left; return how many. During the hold that is all of them.

    A letter that is leaving at this moment locks the mailing, and is waited for. Undoing twice
    changes nothing. Raises Refused if it was not sent, or if all of it has left.
    """
    mailing = _locked(mailing)
    if mailing.state == Mailing.State.UNDONE:
        return 0
    waiting = list(
        letters_of(mailing).open().select_for_update(of=("self",)).order_by("pk").only("pk")
    )
    if mailing.is_draft or not waiting:
        raise Refused("Nothing of this message is waiting to leave.")
    mailing.state, mailing.undone_by, mailing.undone_at = Mailing.State.UNDONE, by, database_now()
    mailing.save(update_fields=["state", "undone_by", "undone_at"])
    chosen = Message.objects.filter(pk__in=[letter.pk for letter in waiting])
    close(chosen, State.CANCELLED, CALLED_OFF)
    chosen.update(cancelled_by=by)
    Attempt.objects.bulk_create(
        Attempt(message=letter, number=0, outcome=Attempt.Outcome.DECIDED, words=CALLED_OFF, by=by)
        for letter in waiting
    )
    return len(waiting)


def _locked(mailing: Mailing) -> Mailing:
    return Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
