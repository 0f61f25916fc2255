"""The states of a letter, and which may follow which; a trigger refuses any other change."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    CLAIMED = "claimed", "Being sent"
    RETRY = "retry", "To be tried again"
    UNCERTAIN = "uncertain", "Uncertain"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"
    CANCELLED = "cancelled", "Cancelled"
    SUPERSEDED = "superseded", "Overtaken"
    EXPIRED = "expired", "Too late"
    SUPPRESSED = "suppressed", "Not needed"


WAITING_STATES = frozenset({State.PLANNED, State.RETRY})
OPEN_STATES = WAITING_STATES | {State.CLAIMED}
NEEDING_STAFF = frozenset({State.DEAD, State.UNCERTAIN})
LEAVING_OR_LEFT = (State.CLAIMED, State.UNCERTAIN, State.SENT, State.DEAD)
NEVER_SENT = (State.CANCELLED, State.SUPERSEDED, State.EXPIRED, State.SUPPRESSED)
UNTIL_RELEASED = datetime(9999, 12, 31, tzinfo=UTC)
"""When a hold by hand ends that nobody takes back. Postgres has infinity; Python's dates do not."""

MOVES = {
    State.PLANNED: (State.CLAIMED, *NEVER_SENT),
    State.RETRY: (State.CLAIMED, State.DEAD, *NEVER_SENT),
    State.CLAIMED: (
        State.PLANNED,
        State.RETRY,
        State.SENT,
        State.UNCERTAIN,
        State.DEAD,
        *NEVER_SENT,
    ),
    State.UNCERTAIN: (State.SENT, State.RETRY, State.DEAD),
    State.DEAD: (State.RETRY,),
    State.CANCELLED: (State.PLANNED,),  # who had left came back before the letter was due
}
