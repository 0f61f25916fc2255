"""Putting letters into the outbox and cancelling them, in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.clock import database_now
from dlp.outbox.delivery import doorbell, resolving
from dlp.outbox.models import Attempt, Message, QuietHours
from dlp.outbox.models.messages import MessageQuerySet
from dlp.outbox.models.states import UNTIL_RELEASED, State
from dlp.outbox.plans import timing
from dlp.outbox.plans.timing import Nights

if TYPE_CHECKING:
    from cohorts.models import Person

DUE_SOON = timedelta(seconds=30)
ROWS_A_STATEMENT = 2_000


@transaction.atomic
def enqueue(
    kind_name: str,
    *,
    person: Person | None = None,
    address: str = "",
    recipient: str = "",
    subject_kind: str = "",
    subject_id: int = 0,
    revision: int = 0,
    lead: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    secret: dict[str, Any] | None = None,
) -> Message:
    """Plan one letter, and wake the senders when the caller's transaction commits.

    Give a `person`, whose address is looked up when the letter leaves, or an `address`, which is
    stored encrypted until then; `recipient` is the key of a contact or presenter ("contact:12").
    The same recipient, subject, kind, lead and revision give the same row; a letter without a
    subject is always a new one. `due_at` None means now. `secret` is for secret kinds: what
    `render` needs and no table may show.
    """
    kind = kinds.get(kind_name)
    if secret is not None and not kind.secret:
        raise ValueError(f"{kind_name} is not a secret kind, so it cannot carry a secret.")
    now = database_now()
    not_after = not_after or (due_at or now) + kind.useful_for
    if due_at is not None:
        nights = QuietHours.objects.nights()
        due_at = when_to_leave(kind, due_at, not_after=not_after, nights=nights)
    message = new_message(
        kind,
        recipient=recipient or recipient_key(person, address),
        person_id=person.pk if person else None,
        subject_kind=subject_kind,
        subject_id=subject_id,
        revision=revision,
        lead=lead,
        now=now,
        leaves_at=due_at or now,
        not_after=not_after,
    )
    if address:
        _require_one_address(address)
    if address or secret is not None:
        message.seal_context({"address": address, "secret": secret or {}})
    add([message], now=now)
    return Message.objects.get(dedupe_key=message.dedupe_key)


def _require_one_address(written: str) -> None:
    """Raises ValidationError unless this is exactly one address."""
    if not written.isprintable():
        raise ValidationError("Enter a valid email address.")
    validate_email(parseaddr(written)[1])


def recipient_key(person: Person | None, address: str) -> str:
    """The stable key of a recipient. It contains no address, so it survives a change of address."""
    if (person is None) == (not address):
        raise ValueError("A letter goes to a person or to an address, and not to both.")
    if person is not None:
        return of_person(person.pk)
    bare = parseaddr(address)[1].lower()
    return f"address:{salted_hmac('dlp.outbox.address', bare, algorithm='sha256').hexdigest()[:32]}"


def of_person(person_id: int) -> str:
    return f"person:{person_id}"


def dedupe_key(recipient: str, subject: str, kind: str, lead: str, revision: int) -> str:
    """What identifies a letter (R2); `subject` is such as "session:7"."""
    return f"v1|{recipient}|{subject}|{kind}|{lead}|{revision}"


def when_to_leave(
    kind: kinds.Kind, due_at: datetime, *, not_after: datetime, nights: Nights
) -> datetime:
    """A planned time moved out of the quiet hours, if the kind respects them; never too late."""
    if kind.heeds_quiet_hours and not kind.secret:
        due_at = timing.waking_time(
            due_at, not_after=not_after, is_change=kind.is_change, nights=nights
        )
    return min(due_at, not_after)


def new_message(
    kind: kinds.Kind,
    *,
    recipient: str,
    now: datetime,
    leaves_at: datetime,
    not_after: datetime,
    person_id: int | None = None,
    subject_kind: str = "",
    subject_id: int = 0,
    revision: int = 0,
    lead: str = "",
) -> Message:
    """A planned message with its key, not saved yet.

    For a letter that is ready now, the quiet hours are checked when it is about to leave.
    """
    if kind.secret:
        not_after = min(not_after, leaves_at + kinds.CODE_LIFETIME)
    leaves_at = min(leaves_at, not_after)
    message = Message(
        kind=kind.name,
        priority=kind.priority_of(useful_for=not_after - leaves_at),
        person_id=person_id,
        recipient=recipient,
        subject_kind=subject_kind,
        subject_id=subject_id,
        revision=revision,
        lead=lead,
        due_at=leaves_at,
        next_attempt_at=leaves_at,
        not_after=not_after,
        is_secret=kind.secret,
        holds_link=kind.holds_link,
        created_at=now,
        updated_at=now,
    )
    subject = f"{subject_kind}:{subject_id}" if subject_kind else f"message:{message.pk}"
    message.dedupe_key = dedupe_key(recipient, subject, kind.name, lead, revision)
    return message


def add(messages: Iterable[Message], *, now: datetime) -> None:
    """Insert messages made by `new_message`, except existing ones, and ring if one is due."""
    rows = sorted(messages, key=lambda message: message.dedupe_key)
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        Message.objects.insert_missing(rows[start : start + ROWS_A_STATEMENT])
    if any(row.due_at <= now + DUE_SOON for row in rows):
        doorbell.ring_on_commit()


def cancel_for_person(person: Person, *, reason: str) -> int:
    """Cancel everything waiting for somebody who left or may not be written to any more (R8)."""
    return _cancel(Message.objects.filter(person=person), reason)


def cancel_for_recipient(recipient: str, *, reason: str) -> int:
    """The same for a recipient who is not a Person, by their key."""
    return _cancel(Message.objects.filter(recipient=recipient), reason)


def _cancel(letters: MessageQuerySet, reason: str) -> int:
    """Codes are not cancelled: they live for minutes, and somebody waits for them."""
    waiting = letters.filter(is_secret=False).open()
    waiting.lock()
    return close(waiting, State.CANCELLED, reason)


def close(messages: Any, state: State, reason: str) -> int:
    """Move waiting messages to a final state, including claimed ones that were not begun."""
    changed: int = messages.update(
        state=state,
        state_reason=reason,
        lease_token=None,
        lease_until=None,
        updated_at=Now(),
    )
    return changed


@transaction.atomic
def cancel_message(message: Message, *, by: Person, reason: str) -> Message:
    """Cancel one letter by hand, for a reason; the planner does not bring it back.

    Raises Refused if it has left already, or is leaving.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state == State.CANCELLED:
        return message
    if not message.is_open:
        raise Refused(
            f"This letter is “{message.get_state_display().lower()}”, so it cannot be cancelled now."
        )
    message.state = State.CANCELLED
    message.state_reason = f"Cancelled: {reason}"[:300]
    message.cancelled_by = by
    message.lease_token = message.lease_until = None
    message.save(
        update_fields=["state", "state_reason", "cancelled_by", "lease_token", "lease_until"]
    )
    _decide(message, f"Cancelled: {reason}", by=by)
    return message


@transaction.atomic
def retry_message(message: Message, *, by: Person) -> Message:
    """Retry a letter that was given up, in the same bytes, so that nobody gets two versions.

    Raises Refused if it was not given up, is too late, or its text has been erased.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state == State.RETRY:
        return message
    if message.state != State.DEAD:
        raise Refused("Only a letter that was given up can be tried again.")
    now = database_now()
    if message.not_after <= now:
        raise Refused("It is too late for this letter: what it says is of no more use.")
    if message.is_secret:
        raise Refused("This letter held a code and was erased. A new code has to be asked for.")
    message.state = State.RETRY
    message.state_reason = "To be tried again, by hand."
    message.next_attempt_at = now
    message.save(update_fields=["state", "state_reason", "next_attempt_at"])
    _decide(message, "Tried again.", by=by)
    doorbell.ring_on_commit()
    return message


@transaction.atomic
def hold_message(message: Message, *, by: Person, reason: str) -> Message:
    """Keep a letter back until somebody releases it, even if the planner moves it.

    One that becomes too late meanwhile is not sent at all. If a sender has claimed it and not
    begun, it is taken back. Raises Refused if it has left already, or is leaving.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not message.is_open:
        raise Refused(
            f"This letter is “{message.get_state_display().lower()}”, so it cannot be held now."
        )
    if message.is_secret:
        raise Refused("A letter with a code lives for minutes, so it is not held.")
    message.state = State.RETRY if message.attempts else State.PLANNED
    message.state_reason = f"Held: {reason}"[:300]
    message.held_until = UNTIL_RELEASED
    message.lease_token = message.lease_until = None
    message.save(
        update_fields=["state", "state_reason", "held_until", "lease_token", "lease_until"]
    )
    _decide(message, f"Held: {reason}", by=by)
    return message


@transaction.atomic
def release_message(message: Message, *, by: Person) -> Message:
    """Release a held letter: it leaves when it is due, or at once.

    Releasing one that is not held changes nothing.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state not in Message.WAITING_STATES or message.held_until is None:
        return message
    message.state_reason = ""
    message.held_until = None
    message.save(update_fields=["state_reason", "held_until"])
    _decide(message, "Released.", by=by)
    doorbell.ring_on_commit()
    return message


@transaction.atomic
def confirm_arrival(message: Message, *, by: Person) -> Message:
    """Record that a letter without an answer arrived.

    Raises Refused if its outcome is known, or the relay's log has not been asked yet.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state == State.SENT:
        return message
    _require_silence(message)
    resolving.close_as_sent(message, reason="It arrived, by word of mouth.")
    _decide(message, "It arrived.", by=by)
    return message


@transaction.atomic
def send_again(message: Message, *, by: Person) -> Message:
    """Send the same bytes again of a letter that may have arrived: it may then come twice.

    Raises Refused if its outcome is known, the relay's log has not been asked yet, it is too late,
    or its text has been erased.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state == State.RETRY:
        return message
    _require_silence(message)
    if message.not_after <= database_now():
        raise Refused("It is too late for this letter: what it says is of no more use.")
    if message.frozen is None:
        raise Refused("This letter held a code and was erased. A new code has to be asked for.")
    resolving.try_again(message, reason="To be sent once more, by hand.", may_come_twice=True)
    _decide(message, "Sent again, though it may have arrived.", by=by)
    doorbell.ring_on_commit()
    return message


def _require_silence(message: Message) -> None:
    if message.state != State.UNCERTAIN:
        raise Refused("What became of this letter is known, so there is nothing to decide.")
    if not Message.objects.settled().filter(pk=message.pk).exists():
        raise Refused(
            "This letter has only just left. Decide once the relay has had time to answer."
        )


def _decide(message: Message, words: str, *, by: Person) -> None:
    Attempt.objects.create(
        message=message,
        number=0,
        outcome=Attempt.Outcome.DECIDED,
        words=words[:300],
        by=by,
        ended_at=Now(),
    )
