"""Waking the senders after a commit. A lost ring costs seconds, never a letter.

There are two bells: Postgres notifies the outbox loop with the commit itself, and Celery is told
after it. The second may fail, because a request must not: loop and beat look at the table anyway.
"""

from __future__ import annotations

import time

from django.db import connection, transaction

from dlp import ringing

CHANNEL = "outbox"
TASK = "dlp.outbox.tasks.ring"
EXPIRES_SECONDS = 25  # the next ring of the beat comes soon after
SILENCE_SECONDS = 30.0  # after the broker failed: one slow try, not one for every request
_silent_until = 0.0


def ring_on_commit() -> None:
    """Wake the senders when the transaction commits; only once per transaction."""
    if any(entry[1] is ring for entry in connection.run_on_commit):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    transaction.on_commit(ring)


def ring() -> None:
    """Tell Celery, but not for half a minute after the broker did not answer."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    if not ringing.ring(TASK, expires=EXPIRES_SECONDS):
        _silent_until = time.monotonic() + SILENCE_SECONDS
