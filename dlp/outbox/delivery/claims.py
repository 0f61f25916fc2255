"""The rows of the queue: claimed, released, and closed with their outcome.

Every statement uses the database's time and states its lease, so a sender that was overtaken
changes nothing. What a statement chooses to lock is MATERIALIZED: otherwise a plan that joins it
again per row could choose again, and lock more than asked for. Letters of a bulk are due at one
instant and leave in any order: sorting thousands for each claim of ten costs more than sending
them.
"""

from __future__ import annotations

import math
import random
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from os import getpid
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import prefetch_related_objects

from dlp.outbox.delivery.relays import Stage
from dlp.outbox.models import Attempt, Message, QuietHours
from dlp.outbox.models.states import State
from dlp.outbox.plans.timing import Nights

Outcome = Attempt.Outcome

BATCH = 10
MAX_ATTEMPTS = 12
MAX_UNWRITTEN = 3
TRIES_THAT_FAILED = (Outcome.DECLINED, Outcome.FAILED)
BACKOFF_MINUTES = (1, 5, 15, 60, 180)
LATER_MINUTES = 60
JITTER = 0.2
SCATTER_MINUTES = (1, 5)

CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM outbox_message
        WHERE state IN ('planned', 'retry') AND due_at <= statement_timestamp()
            AND next_attempt_at <= statement_timestamp() AND not_after > statement_timestamp()
            AND (held_until IS NULL OR held_until <= statement_timestamp())
            AND (is_secret OR NOT %s)
        ORDER BY priority, due_at
        LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_message AS message
    SET state = 'claimed', lease_token = %s, lease_until = statement_timestamp() + %s,
        held_until = NULL, updated_at = statement_timestamp()
    FROM due WHERE message.id = due.id
    RETURNING message.*, statement_timestamp() AS claimed_at
"""
ANYTHING_DUE = """
    SELECT EXISTS (
        SELECT FROM outbox_message
        WHERE state IN ('planned', 'retry') AND due_at <= statement_timestamp()
            AND next_attempt_at <= statement_timestamp() AND not_after > statement_timestamp()
            AND (held_until IS NULL OR held_until <= statement_timestamp())
    )
"""
RELEASE = """
    UPDATE outbox_message
    SET state = CASE WHEN attempts > 0 THEN 'retry' ELSE 'planned' END,
        next_attempt_at = coalesce(%s, next_attempt_at),
        lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
    WHERE id = ANY(%s) AND lease_token = %s AND state = 'claimed' AND data_started_at IS NULL
"""
CLOSE = """
    UPDATE outbox_message
    SET state = %s, state_reason = %s,
        lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
    WHERE id = %s AND lease_token = %s AND state = 'claimed' AND data_started_at IS NULL
"""
MARK = """
    UPDATE outbox_message
    SET data_started_at = %s, lease_until = %s, frozen = %s, frozen_at = %s, message_id = %s
    WHERE id = %s AND lease_token = %s AND state = 'claimed'
        AND lease_until > statement_timestamp()
"""
SENT = """
    WITH done AS (
        UPDATE outbox_message
        SET state = 'sent', state_reason = '', accepted_at = statement_timestamp(),
            attempts = attempts + 1, last_stage = %s, last_code = %s,
            frozen = CASE WHEN is_secret OR holds_link THEN NULL ELSE frozen END, context = NULL,
            lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
        WHERE id = %s AND (lease_token = %s OR state = 'uncertain')
        RETURNING id, attempts
    )
    INSERT INTO outbox_attempt (message_id, number, stage, outcome, code, words, worker, ended_at)
    SELECT id, attempts, %s, 'sent', %s, '', %s, statement_timestamp() FROM done
"""
FAILED = """
    WITH done AS (
        UPDATE outbox_message
        SET state = %s, state_reason = %s, attempts = attempts + 1,
            next_attempt_at = statement_timestamp() + %s,
            data_started_at = CASE WHEN %s THEN data_started_at END,
            last_stage = %s, last_code = %s,
            lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
        WHERE id = %s AND lease_token = %s AND state = 'claimed'
        RETURNING id, attempts
    )
    INSERT INTO outbox_attempt (message_id, number, stage, outcome, code, words, worker, ended_at)
    SELECT id, attempts, %s, %s, %s, %s, %s, statement_timestamp() FROM done
"""


@dataclass(frozen=True)
class Claim:
    """Messages held under one lease, in the order in which they leave, and since when."""

    token: uuid.UUID
    messages: Sequence[Message]
    at: datetime | None

    @cached_property
    def nights(self) -> Nights:
        """The quiet hours, read when first asked for."""
        return QuietHours.objects.nights()


def lease() -> timedelta:
    """How long a sender may hold a letter before it counts as dead."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def anything_due() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ANYTHING_DUE)
        return bool(cursor.fetchone()[0])


def claim(limit: int = BATCH, *, secret_only: bool = False) -> Claim:
    """Claim up to `limit` due messages that nobody else holds, the most urgent first."""
    token = uuid.uuid4()
    messages = list(Message.objects.raw(CLAIM, [secret_only, limit, token, lease()]))
    messages.sort(key=lambda message: (message.priority, message.due_at, message.pk))
    prefetch_related_objects(messages, "person")
    at: datetime | None = getattr(messages[0], "claimed_at", None) if messages else None
    return Claim(token, messages, at)


def release(held: Claim, messages: Sequence[Message], *, until: datetime | None = None) -> None:
    """Release messages that were not begun, unchanged; with `until`, they wait for that instant."""
    if messages:
        _execute(RELEASE, [until, [message.pk for message in messages], held.token])


def mark(held: Claim, message: Message, *, at: datetime) -> bool:
    """Record that the frozen letter is about to be handed over; False if it is no longer ours."""
    frozen = [message.frozen, message.frozen_at, message.message_id]
    return _execute(MARK, [at, at + lease(), *frozen, message.pk, held.token]) == 1


def close(held: Claim, message: Message, state: str, reason: str) -> None:
    """Give a held message its final state without sending it."""
    _execute(CLOSE, [state, reason[:300], message.pk, held.token])


def record_sent(held: Claim, message: Message, *, code: int) -> None:
    """The relay has it. Recorded even if this sender was taken for dead meanwhile."""
    stage = Stage.ANSWER
    _execute(SENT, [stage, code, message.pk, held.token, stage, code, worker()])


def record_failure(
    held: Claim,
    message: Message,
    outcome: Attempt.Outcome,
    words: str,
    *,
    stage: str,
    code: int | None = None,
    is_final: bool = False,
) -> None:
    """Record that a try failed, or had no answer: to be retried, given up, or uncertain.

    Only an uncertain message keeps its mark of having been handed over.
    """
    keeps_mark = outcome == Outcome.UNCERTAIN
    times = _times(message, outcome)
    if keeps_mark:
        state = State.UNCERTAIN
    elif is_final or times >= _limit(outcome):
        state = State.DEAD
    else:
        state = State.RETRY
    wait = scatter() if outcome == Outcome.CROWDED else backoff(times)
    change = [state, words[:300], wait, keeps_mark, stage, code, message.pk, held.token]
    _execute(FAILED, [*change, stage, outcome, code, words[:300], worker()])


def _times(message: Message, outcome: Attempt.Outcome) -> int:
    """How many tries have failed by now; being deferred by a crowded relay does not count."""
    if not message.attempts:
        return 1
    alike = TRIES_THAT_FAILED if outcome in TRIES_THAT_FAILED else (outcome,)
    return Attempt.objects.filter(message=message.pk, outcome__in=alike).count() + 1


def _limit(outcome: Attempt.Outcome) -> float:
    limits = {Outcome.UNWRITTEN: MAX_UNWRITTEN, Outcome.CROWDED: math.inf}
    return limits.get(outcome, MAX_ATTEMPTS)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 5, 15, 60, 180 minutes, then hourly, ±20 %."""
    steps = BACKOFF_MINUTES
    minutes = steps[attempts - 1] if attempts <= len(steps) else LATER_MINUTES
    return timedelta(minutes=minutes * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311


def scatter() -> timedelta:
    """How long to wait when the relay is crowded: random, so that letters do not meet again."""
    return timedelta(minutes=random.uniform(*SCATTER_MINUTES))  # noqa: S311


def worker() -> str:
    """The name of this process, for the log of attempts."""
    return f"{socket.gethostname()}:{getpid()}"[:80]


def _execute(sql: str, parameters: Sequence[Any]) -> int:
    """Run a statement; the number of rows that it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        changed: int = cursor.rowcount
        return changed
