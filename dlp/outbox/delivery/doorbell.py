"""Waking the senders after a commit. A lost ring costs seconds, never a letter.

There are two bells: Postgres notifies the outbox loop with the commit itself, and Celery is told
after it. The second may fail, because a request must not: loop and beat look at the table anyway.
"""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

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
    """Tell Celery. Never raises if the broker is down, and then stays silent for half a minute."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(TASK, retry=False, expires=EXPIRES_SECONDS)
    except (OperationalError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning(
            "The broker did not answer (%s); the outbox loop will send.", type(error).__name__
        )
