"""Running a task soon. A lost ring costs a minute: beat runs the same task anyway."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

EXPIRES_SECONDS = 55  # the next ring of the beat comes soon after


def ring_on_commit(task: str) -> None:
    """Wake a worker for this task once the transaction commits."""
    transaction.on_commit(partial(ring, task))


def ring(task: str, *, expires: int = EXPIRES_SECONDS) -> bool:
    """Wake a worker for this task; False if the broker did not answer.

    Never raises for that, because a request must not fail for a lost ring.
    """
    try:
        current_app.send_task(task, retry=False, expires=expires)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker did not answer (%s); beat will ring.", type(error).__name__)
        return False
    return True
