"""The state of the outbox in few numbers: for /healthz/deep, and for alarms (R37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from dlp.outbox.delivery import relays
from dlp.outbox.models.messages import CANARY

DUE_TOO_LONG = timedelta(minutes=10)
NO_ROUND_TOO_LONG = timedelta(minutes=5)
"""Twice a relay's longest silence; a loop comes round every ten seconds."""
LATELY = timedelta(days=2)
CANARY_IN_TIME, CANARY_KNOWN_FOR = timedelta(minutes=5), timedelta(hours=1)
INVARIANTS = "invariants"
"""The job that looks, every night, whether what must be true of the letters is."""

PULSE = "due.number, due.oldest, round.ago"
ALARMS = """
    (SELECT count(*) FROM outbox_message
        WHERE state IN ('dead', 'uncertain') AND NOT is_secret
            AND not_after > statement_timestamp()),
    (SELECT count(*) FROM outbox_message
        WHERE state = 'expired' AND NOT is_secret AND kind <> %s
            AND due_at BETWEEN statement_timestamp() - %s AND statement_timestamp()),
    (SELECT count(*) FROM (SELECT result FROM outbox_jobrun WHERE name = %s
        ORDER BY local_date DESC LIMIT 1) AS latest,
        jsonb_object_keys(latest.result -> 'broken')),
    (SELECT reason FROM outbox_outage WHERE relay = %s AND ended_at IS NULL),
    (SELECT state <> 'sent' FROM outbox_message
        WHERE kind = %s AND due_at > statement_timestamp() - %s
            AND due_at < statement_timestamp() - %s
        ORDER BY due_at DESC LIMIT 1)
"""
FROM = """
    FROM (
        SELECT count(*) AS number,
            statement_timestamp() - min(greatest(due_at, next_attempt_at, held_until)) AS oldest
        FROM outbox_message
        WHERE state IN ('planned', 'retry') AND due_at <= statement_timestamp()
            AND next_attempt_at <= statement_timestamp() AND not_after > statement_timestamp()
            AND (held_until IS NULL OR held_until <= statement_timestamp())
    ) AS due, (
        SELECT statement_timestamp() - max(ended_at) AS ago FROM outbox_senderround
    ) AS round
"""


@dataclass(frozen=True)
class Pulse:
    """How many letters could leave now, how long the oldest has waited, when the last round ended."""

    due: int
    oldest_due: timedelta | None
    last_round: timedelta | None

    @property
    def troubles(self) -> list[str]:
        """What is wrong, a sentence each."""
        found = []
        if self.oldest_due is not None and self.oldest_due > DUE_TOO_LONG:
            found.append(f"A letter has been due for {minutes(self.oldest_due)}.")
        if self.last_round is None:
            found.append("No sender has come round yet.")
        elif self.last_round > NO_ROUND_TOO_LONG:
            found.append(f"No sender has come round for {minutes(self.last_round)}.")
        return found


@dataclass(frozen=True)
class Alarms:
    """What needs staff: the pulse, and numbers of letters and invariants to look at."""

    pulse: Pulse
    for_staff: int
    """Letters given up or perhaps not arrived that are still useful."""
    too_late: int
    """Letters due in the last two days that were not sent because they had become too late."""
    untrue: int
    """Invariants that last night's check found broken."""
    outage: str | None
    """Why the relay is unusable, while it is."""
    canary_is_late: bool | None
    """Whether the last canary was late; None if there is no canary."""


def pulse() -> Pulse:
    """One query, from the index of waiting letters. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {PULSE} {FROM}")  # noqa: S608 (our own words)
        return Pulse(*cursor.fetchone())


def alarms() -> Alarms:
    """One query."""
    with connection.cursor() as cursor:
        relay = relays.configured_relay().name
        canary = [CANARY, CANARY_KNOWN_FOR, CANARY_IN_TIME]
        parameters: list[Any] = [CANARY, LATELY, INVARIANTS, relay, *canary]
        cursor.execute(f"SELECT {PULSE}, {ALARMS} {FROM}", parameters)  # noqa: S608
        row = cursor.fetchone()
    return Alarms(Pulse(*row[:3]), *row[3:])


def minutes(length: timedelta) -> str:
    return f"{int(length.total_seconds() // 60)} minutes"
