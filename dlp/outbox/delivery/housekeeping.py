"""Once a minute: letters of dead senders, letters that are too late, and data to erase."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dlp.outbox.delivery import resolving
from dlp.outbox.delivery.claims import MAX_ATTEMPTS, worker
from dlp.outbox.kinds import SECRETS_ERASED_AFTER
from dlp.outbox.watch import canary

logger = logging.getLogger(__name__)

UNTOUCHED = """
    WITH behind AS (
        SELECT id FROM outbox_message AS message
        WHERE state = 'claimed' AND lease_until < statement_timestamp() AND data_started_at IS NULL
            AND EXISTS (
                SELECT FROM outbox_message AS ahead
                WHERE ahead.lease_token = message.lease_token AND ahead.state = 'claimed'
                    AND (ahead.priority, ahead.due_at, ahead.id)
                        < (message.priority, message.due_at, message.id)
            )
        FOR UPDATE OF message SKIP LOCKED
    )
    UPDATE outbox_message AS message
    SET state = CASE WHEN attempts > 0 THEN 'retry' ELSE 'planned' END,
        lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
    FROM behind WHERE message.id = behind.id
"""
"""A sender takes its letters in order: those behind the one in hand were not tried, so none counts it."""
REAP = """
    WITH lost AS (
        SELECT id, CASE
            WHEN data_started_at IS NOT NULL THEN 'uncertain'
            WHEN (
                SELECT count(*) FROM outbox_attempt
                WHERE message_id = message.id AND outcome = 'abandoned'
            ) + 1 >= %s THEN 'dead'
            ELSE 'retry' END AS new_state
        FROM outbox_message AS message
        WHERE state = 'claimed' AND lease_until < statement_timestamp()
        FOR UPDATE OF message SKIP LOCKED
    ), done AS (
        UPDATE outbox_message AS message
        SET state = new_state,
            state_reason = CASE new_state
                WHEN 'uncertain' THEN 'The sender stopped while the letter left: it may have arrived.'
                WHEN 'dead' THEN 'Each time that this letter was tried, the sender stopped.'
                ELSE 'The sender stopped before the letter left.' END,
            attempts = attempts + 1,
            next_attempt_at = statement_timestamp(),
            last_stage = CASE WHEN data_started_at IS NULL THEN '' ELSE 'data' END,
            last_code = NULL,
            lease_token = NULL, lease_until = NULL, updated_at = statement_timestamp()
        FROM lost WHERE message.id = lost.id
        RETURNING message.id, attempts, last_stage, state_reason
    )
    INSERT INTO outbox_attempt (message_id, number, stage, outcome, words, worker, ended_at)
    SELECT id, attempts, last_stage, 'abandoned', state_reason, %s, statement_timestamp() FROM done
"""
EXPIRE = """
    WITH late AS (
        SELECT id FROM outbox_message
        WHERE state IN ('planned', 'retry') AND not_after <= statement_timestamp()
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_message AS message
    SET state = 'expired', state_reason = 'It would have come too late to be of use.',
        updated_at = statement_timestamp()
    FROM late WHERE message.id = late.id
"""
ERASE = """
    WITH spent AS (
        SELECT id FROM outbox_message
        WHERE (context IS NOT NULL OR ((is_secret OR holds_link) AND frozen IS NOT NULL)) AND (
            state IN ('sent', 'cancelled', 'superseded', 'expired', 'suppressed')
            OR (state IN ('uncertain', 'dead') AND not_after <= statement_timestamp())
            OR (is_secret AND created_at < statement_timestamp() - %s)
        )
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_message AS message
    SET context = NULL, frozen = CASE WHEN is_secret OR holds_link THEN NULL ELSE frozen END
    FROM spent WHERE message.id = spent.id
"""
OVERTAKEN = """
    WITH earlier AS (
        SELECT id FROM outbox_message AS message
        WHERE state IN ('planned', 'retry') AND due_at <= statement_timestamp() AND lead <> ''
            AND EXISTS (
                SELECT FROM outbox_message AS nearer
                WHERE nearer.subject_kind = message.subject_kind
                    AND nearer.subject_id = message.subject_id
                    AND nearer.recipient = message.recipient AND nearer.kind = message.kind
                    AND nearer.revision = message.revision AND nearer.lead <> ''
                    AND nearer.due_at > message.due_at
                    AND nearer.due_at <= statement_timestamp()
                    AND nearer.state IN ('planned', 'retry', 'claimed', 'uncertain', 'sent')
                    AND (nearer.state NOT IN ('planned', 'retry')
                        OR nearer.not_after > statement_timestamp())
            )
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_message AS message
    SET state = 'superseded', state_reason = 'A nearer reminder took its place.',
        updated_at = statement_timestamp()
    FROM earlier WHERE message.id = earlier.id
"""


@dataclass(frozen=True)
class Kept:
    """What the housekeeping did."""

    abandoned: int
    resolved: int
    expired: int
    erased: int


def housekeep() -> Kept:
    """Clean up. Safe to run at any moment, in any number of processes."""
    canary.sing()
    _rows(UNTOUCHED)
    kept = Kept(
        abandoned=_rows(REAP, [MAX_ATTEMPTS, worker()]),
        resolved=resolving.resolve(),
        expired=_rows(EXPIRE),
        erased=_rows(ERASE, [SECRETS_ERASED_AFTER]),
    )
    if kept.abandoned:
        logger.warning("%d letters were left by a sender that stopped.", kept.abandoned)
    return kept


def drop_overtaken_reminders() -> int:
    """After downtime, keep only the nearest of a person's overdue reminders of one thing (R29)."""
    return _rows(OVERTAKEN)


def _rows(sql: str, parameters: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        changed: int = cursor.rowcount
        return changed
