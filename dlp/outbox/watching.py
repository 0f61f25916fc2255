"""How the outbox is, in few numbers: what /healthz/deep says, and what calls somebody (R37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

DUE_TOO_LONG = timedelta(minutes=10)
NO_ROUND_TOO_LONG = timedelta(minutes=5)
"""Twice a relay's longest silence; a loop comes round every ten seconds."""

PULSE = """
    SELECT
        (SELECT statement_timestamp() - min(greatest(due_at, next_attempt_at, held_until))
            FROM outbox_message
            WHERE state IN ('planned', 'retry') AND due_at <= statement_timestamp()
                AND next_attempt_at <= statement_timestamp()
                AND not_after > statement_timestamp()
                AND (held_until IS NULL OR held_until <= statement_timestamp())),
        (SELECT statement_timestamp() - max(ended_at) FROM outbox_senderround)
"""


@dataclass(frozen=True)
class Pulse:
    """How long the longest has waited of the letters that could leave, and since when no round ended."""

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


def pulse() -> Pulse:
    """One query, from the index of waiting letters. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(PULSE)
        return Pulse(*cursor.fetchone())


def minutes(length: timedelta) -> str:
    return f"{int(length.total_seconds() // 60)} minutes"
