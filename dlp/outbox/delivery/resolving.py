"""Letters that may have arrived: resolved, sent once more, or left for staff to decide (R19).

The relay's log is asked once enough time has passed for it to know. If it cannot be asked, a letter
whose absence does more harm than a second copy is sent once more, in the same bytes; any other
waits for staff.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from dlp.outbox import kinds
from dlp.outbox.delivery import relay_logs
from dlp.outbox.delivery.claims import worker
from dlp.outbox.delivery.relay_logs import Answer
from dlp.outbox.models import Attempt, Message
from dlp.outbox.models.states import State

logger = logging.getLogger(__name__)

Outcome = Attempt.Outcome
REMINDS_BEFORE = timedelta(hours=2)  # later, a reminder is not worth a second copy
HELD = "Nobody can tell whether it arrived: it waits for a decision."


def resolve() -> int:
    """Resolve letters that had no answer for long enough; return how many were resolved.

    Safe to run at any moment, in any number of processes. The log is opened after the letters were
    selected, so that it knows everything handed over before.
    """
    silent = list(Message.objects.settled().values_list("pk", "message_id"))
    if not silent:
        return 0
    log = relay_logs.configured_log()
    resolved = sum(_resolve(key, log.took(message_id)) for key, message_id in silent)
    if resolved:
        logger.warning("Of %d letters without an answer, %d are resolved.", len(silent), resolved)
    return resolved


@transaction.atomic
def _resolve(key: UUID, answer: Answer) -> bool:
    message = (
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .annotate(now=Now())
        .filter(pk=key, state=State.UNCERTAIN)
        .first()
    )
    if message is None:
        return False
    if answer == Answer.TAKEN:
        close_as_sent(message, reason="The relay's log has it.")
        _note(message, Outcome.FOUND)
    elif answer == Answer.NOT_TAKEN:
        try_again(message, reason="The relay's log does not have it: it is tried again.")
        _note(message, Outcome.MISSING)
    elif message.not_after <= message.now:
        _change(message, State.DEAD, "It may have arrived, and it is too late to send it again.")
        _note(message, Outcome.LAPSED)
    elif _goes_once_more(message, message.now):
        reason = "It may have arrived, and goes once more."
        try_again(message, reason=reason, may_come_twice=True)
        _note(message, Outcome.REPEATED)
    else:
        _hold(message)
        return False
    return True


def close_as_sent(message: Message, *, reason: str) -> None:
    """It arrived, so it counts as sent when it was handed over. Sealed text is erased soon after."""
    message.accepted_at = message.data_started_at
    _change(message, State.SENT, reason, "accepted_at")


def try_again(message: Message, *, reason: str, may_come_twice: bool = False) -> None:
    """Let a letter leave again: it has not arrived, or it `may_come_twice`."""
    message.data_started_at = None
    message.possible_duplicate = message.possible_duplicate or may_come_twice
    message.next_attempt_at = Now()
    _change(
        message, State.RETRY, reason, "data_started_at", "possible_duplicate", "next_attempt_at"
    )


def _goes_once_more(message: Message, now: datetime) -> bool:
    """Whether a second copy does less harm than none, and there has been none."""
    if message.possible_duplicate or message.frozen is None:
        return False
    try:
        kind = kinds.get(message.kind)
    except kinds.UnknownKind:
        return False
    in_time = kind.is_change or message.not_after - now > REMINDS_BEFORE
    return kind.may_come_twice and in_time


def _hold(message: Message) -> None:
    if message.state_reason != HELD:
        message.state_reason = HELD
        message.save(update_fields=["state_reason"])


def _change(message: Message, state: State, reason: str, *fields: str) -> None:
    message.state, message.state_reason, message.updated_at = state, reason, Now()
    message.save(update_fields=["state", "state_reason", "updated_at", *fields])


def _note(message: Message, outcome: Outcome) -> None:
    Attempt.objects.create(
        message=message,
        number=0,
        outcome=outcome,
        words=message.state_reason,
        worker=worker(),
        ended_at=Now(),
    )
