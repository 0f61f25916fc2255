"""Sending due letters: claim, hand over, record, in three transactions, none across the network.

The point of no return is `_mark`: one transaction locks what the letter is about, checks a last
time whether it is wanted, freezes its text, and records that it is about to be handed over. Only
then does the relay get the text. A crash after that leaves a letter that may have arrived, and says
so; it is not sent again.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from dlp.outbox import bounces, kinds, muting
from dlp.outbox.clock import database_now
from dlp.outbox.delivery import breaker, claims, failpoints, housekeeping, relays, throttle
from dlp.outbox.delivery.breaker import Way
from dlp.outbox.delivery.claims import Claim
from dlp.outbox.delivery.relays import (
    Crowded,
    Declined,
    NoAnswer,
    Relay,
    RelayError,
    Unavailable,
    Untrusted,
)
from dlp.outbox.models import Attempt, Message
from dlp.outbox.models.states import State
from dlp.outbox.plans import timing
from dlp.outbox.writing import rendering
from dlp.sealing import SealBroken, seal

logger = logging.getLogger(__name__)

Outcome = Attempt.Outcome
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
FILLS_A_LITTLE = 1.0
PAUSES_OF_THE_DATABASE = (0.5, 2.0, 5.0)
UNWRITTEN = (kinds.Unwritten, kinds.UnknownKind, rendering.CannotBeWritten, SealBroken)


class NotNow(Exception):
    """The last check says that this letter does not leave, or not like this; the row says why."""


def never() -> bool:
    return False


def nobody() -> None:
    """The default for `round_ended`: does nothing."""


def drain(
    relay: Relay | None = None,
    *,
    seconds: float = 200.0,
    should_stop: Callable[[], bool] = never,
    round_ended: Callable[[], None] = nobody,
) -> Counter[str]:
    """Send until nothing is due, `seconds` have passed or `should_stop` says so.

    Any number of processes may do this at once. If the relay cannot be used nothing is claimed.
    `round_ended` is called whenever what was claimed has been committed, or nothing was due.
    Returns how many letters had which outcome.
    """
    done: Counter[str] = Counter()
    if not claims.anything_due():
        round_ended()
        return done
    relay = relay or relays.configured_relay()
    until = time.monotonic() + seconds
    with throttle.lane(relay.name) as is_free:
        if is_free and (way := breaker.way_to(relay.name)) != Way.BARRED:
            housekeeping.drop_overtaken_reminders()
            for ends in _batches(relay, way, lambda: should_stop() or time.monotonic() >= until):
                done.update(ends)
                round_ended()
    return done


def _batches(relay: Relay, way: Way, is_over: Callable[[], bool]) -> Iterator[list[str]]:
    """Send batches over one connection, as fast as the relay allows; yields their outcomes."""
    try:
        while not is_over():
            relay.open()
            granted = throttle.take(relay.name, claims.BATCH)
            ends = _send_batch(relay, granted, is_over)
            if way == Way.PROBE:
                breaker.clear(relay.name)
                way = Way.CLEAR
            yield ends
            if Outcome.CROWDED in ends:
                throttle.note_crowd(relay.name)
                break
            if granted and not ends:
                break
            if not granted:
                _pause(is_over)
    except Untrusted as error:
        breaker.bar(relay.name, error)
    except Unavailable as error:
        logger.error("The relay cannot be used at %s (%s): letters wait.", error.stage, error.code)
        if error.code in relays.CROWDED:
            throttle.note_crowd(relay.name)
    finally:
        relay.close()


def _send_batch(relay: Relay, granted: int, is_over: Callable[[], bool]) -> list[str]:
    """Claim a few letters and send them; returns their outcomes, empty if none was due.

    Secret letters leave even if none is `granted`.
    """
    started = time.monotonic()
    held = claims.claim(granted or claims.BATCH, secret_only=not granted)
    throttle.give_back(relay.name, granted - sum(not one.is_secret for one in held.messages))
    failpoints.reach("claimed")
    ends: list[str] = []
    for position, message in enumerate(held.messages):
        is_old = time.monotonic() - started > settings.LEASE_SECONDS / 3
        if is_old or is_over() or Outcome.CROWDED in ends:
            claims.release(held, held.messages[position:])
            return [*ends, "released"]
        try:
            ends.append(_send(held, message, relay))
        except Unavailable:
            claims.release(held, held.messages[position:])
            raise
        except Exception:
            claims.release(held, held.messages[position + 1 :])
            raise
    return ends


def _pause(is_over: Callable[[], bool]) -> None:
    """Wait for the bucket to fill a little, or for the end."""
    for _ in range(10):
        if not is_over():
            time.sleep(FILLS_A_LITTLE / 10)


def _send(held: Claim, message: Message, relay: Relay) -> str:
    """Send one claimed letter, and record the outcome."""
    try:
        kind = kinds.get(message.kind)
        address = _address(held, message)
        _wait_for_morning(held, message, kind)
        relay.address(parseaddr(settings.MAIL_FROM)[1], address)
        failpoints.reach("addressed")
        content = _mark_or_reset(held, message, kind, address, relay)
        failpoints.reach("marked")
        code = relay.hand_over(content)
        failpoints.reach("handed over")
        _note_sent(held, message, code)
        failpoints.reach("recorded")
    except NotNow:
        return "not now"
    except Unavailable:
        raise
    except RelayError as error:
        return _record(held, message, error)
    except UNWRITTEN as error:
        logger.error("Message %s (%s) cannot be written. %s", message.pk, message.kind, error)
        claims.record_failure(held, message, Outcome.UNWRITTEN, str(error), stage="")
        return "unwritten"
    return "sent"


def _note_sent(held: Claim, message: Message, code: int) -> None:
    """Record that the relay has it, again if the database has just gone away."""
    for seconds in PAUSES_OF_THE_DATABASE:
        try:
            claims.record_sent(held, message, code=code)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(seconds)
        else:
            return
    claims.record_sent(held, message, code=code)


def _record(held: Claim, message: Message, error: RelayError) -> str:
    """Decide by the stage that was reached, never by the type of network exception."""
    if isinstance(error, NoAnswer):
        outcome = Outcome.UNCERTAIN
    elif isinstance(error, Crowded):
        outcome = Outcome.CROWDED
    elif isinstance(error, Declined):
        outcome = Outcome.DECLINED
    else:
        outcome = Outcome.FAILED
    logger.warning("Message %s: %s at %s (%s).", message.pk, outcome, error.stage, error.code)
    is_final = isinstance(error, Declined) and error.is_final
    bounces_back = isinstance(error, Declined) and error.blames_the_mailbox
    address = _written_to(message) if bounces_back else ""
    claims.record_failure(
        held,
        message,
        outcome,
        error.words,
        stage=error.stage,
        code=error.code,
        is_final=is_final,
    )
    if address:
        bounces.note(message, address)
    return str(outcome)


def _written_to(message: Message) -> str:
    """The address of a letter as it was written down."""
    if message.person is not None:
        return message.person.email or ""
    return rendering.address_of(message)


def _address(held: Claim, message: Message) -> str:
    """Where it goes. A letter without a recipient ends here: they left, or have no address."""
    if message.person is not None and not message.person.is_active:
        claims.close(held, message, State.CANCELLED, "This person has been deactivated.")
        raise NotNow
    if address := rendering.address_of(message):
        return address
    claims.close(held, message, State.DEAD, "There is no address to write to.")
    raise NotNow


def _wait_for_morning(held: Claim, message: Message, kind: kinds.Kind) -> None:
    """Release a letter that is ready, or retried, during the quiet hours."""
    if not (settings.QUIET_HOURS and kind.heeds_quiet_hours) or kind.secret or held.at is None:
        return
    until = timing.waking_time(
        held.at, not_after=message.not_after, is_change=kind.is_change, nights=held.nights
    )
    if until > held.at:
        claims.release(held, [message], until=until)
        raise NotNow


def _mark_or_reset(
    held: Claim, message: Message, kind: kinds.Kind, address: str, relay: Relay
) -> bytes:
    """`_mark`, else reset the relay. A busy database is not the letter's fault."""
    try:
        return _mark(held, message, kind, address)
    except (OperationalError, InterfaceError):
        relay.reset()
        claims.release(held, [message], until=held.at and held.at + A_MINUTE)
        raise NotNow from None
    except (NotNow, *UNWRITTEN):
        relay.reset()
        raise


def _mark(held: Claim, message: Message, kind: kinds.Kind, address: str) -> bytes:
    """Pass the point of no return and return the bytes to hand over.

    Raises NotNow if somebody else has the letter, it is too late, or nobody wants it any more.
    """
    with transaction.atomic():
        kinds.ask(kind.lock_subject, message)
        now = _look_again(message, kind)
        ending = _why_not(message, kind, address, now)
        if ending is None:
            content = _frozen(message, kind, address, now)
            failpoints.reach("written")
            if not claims.mark(held, message, at=now):
                raise NotNow
            return content
    claims.close(held, message, *ending)
    raise NotNow


def _look_again(message: Message, kind: kinds.Kind) -> datetime:
    """Read the recipient afresh; return the time. The row itself cannot change while we hold it."""
    if message.person_id is None:
        return database_now()
    people = get_user_model()._base_manager.annotate(
        now=Now(), is_muted=muting.is_muted(kind.topic)
    )
    person = people.get(pk=message.person_id)
    message.person, now = person, person.now
    return now


def _why_not(
    message: Message, kind: kinds.Kind, address: str, now: datetime
) -> tuple[str, str] | None:
    """The state and the reason of a letter that should not leave; None to let it go."""
    if message.not_after <= now:
        return State.EXPIRED, "It would have come too late to be of use."
    if message.person is not None and not message.person.is_active:
        return State.CANCELLED, "This person has been deactivated."
    if kind.topic is not None and getattr(message.person, "is_muted", False):
        return State.SUPPRESSED, f"They switched this off: {kind.topic.label}."
    if rendering.address_of(message) != address:
        return State.RETRY, "The address changed while the letter was about to leave."
    if message.possible_duplicate and not _is_written_to(message, address):
        return State.DEAD, "It may have arrived at an address that has changed since."
    try:
        if kinds.ask(kind.is_wanted, message):
            return None
    except kinds.NotWanted as reason:
        return reason.state, str(reason)
    return State.CANCELLED, "It is no longer needed."


def _is_written_to(message: Message, address: str) -> bool:
    content = message.letter_bytes()
    return content is not None and rendering.goes_to(content) == address


def _is_stale(message: Message, now: datetime) -> bool:
    is_old = message.frozen_at is not None and message.frozen_at < now - A_DAY
    return is_old and not message.possible_duplicate


def _frozen(message: Message, kind: kinds.Kind, address: str, now: datetime) -> bytes:
    """The bytes of the first try, or new ones if there was none.

    Also new if the address has changed, and after a day of tries that certainly failed: the text
    may no longer be true (R12).
    """
    content = message.letter_bytes()
    if content and not _is_stale(message, now) and rendering.goes_to(content) == address:
        return content
    written = kinds.ask(kind.render, message)
    content = rendering.to_bytes(message, written, address=address, at=now)
    message.frozen = seal(content, bound_to=message.body_bound_to) if message.is_sealed else content
    message.frozen_at = now
    message.message_id = rendering.message_id(message)
    return content
