"""The circuit breaker of a relay (R21): an unusable relay is left alone for a while.

If a relay refuses our password or will not encrypt, sending stops. After a pause one sender probes
it, and the first letter that succeeds ends the outage. Letters stay as they are meanwhile.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.db.models.functions import Greatest, Now

from dlp.outbox.delivery.relays import Untrusted
from dlp.outbox.models import Outage

logger = logging.getLogger(__name__)

BREAK = """
    INSERT INTO outbox_outage (relay, began_at, reason, code, probe_at)
    VALUES (%(relay)s, statement_timestamp(), %(reason)s, %(code)s,
        statement_timestamp() + make_interval(secs => %(pause)s))
    ON CONFLICT (relay) WHERE ended_at IS NULL DO UPDATE
    SET reason = excluded.reason, code = excluded.code, probe_at = excluded.probe_at
"""
PROBE = """
    WITH outage AS (
        SELECT id, probe_at <= statement_timestamp() AS is_due
        FROM outbox_outage WHERE relay = %(relay)s AND ended_at IS NULL
        FOR UPDATE
    ), probe AS (
        UPDATE outbox_outage AS mine
        SET probe_at = statement_timestamp() + make_interval(secs => %(pause)s)
        FROM outage WHERE mine.id = outage.id AND outage.is_due
    )
    SELECT is_due FROM outage
"""


class Way(StrEnum):
    """Whether letters may go to a relay: freely, not at all, or as the one probe of this pause."""

    CLEAR = "clear"
    BARRED = "barred"
    PROBE = "probe"


def way_to(relay: str) -> Way:
    """Ask before each use. After a pause, exactly one sender is told to probe."""
    with connection.cursor() as cursor:
        cursor.execute(PROBE, {"relay": relay, "pause": settings.RELAY_PAUSE_SECONDS})
        found = cursor.fetchone()
    if found is None:
        return Way.CLEAR
    return Way.PROBE if found[0] else Way.BARRED


def bar(relay: str, error: Untrusted) -> None:
    """The relay is unusable: an outage begins, or continues."""
    logger.error("No letter goes to %s until this is put right. %s", relay, error.words)
    with connection.cursor() as cursor:
        cursor.execute(
            BREAK,
            {
                "relay": relay,
                "reason": error.words,
                "code": error.code,
                "pause": settings.RELAY_PAUSE_SECONDS,
            },
        )


def clear(relay: str) -> None:
    """The probe succeeded: the outage is over."""
    if Outage.objects.now().filter(relay=relay).update(ended_at=Greatest(Now(), "began_at")):
        logger.warning("Letters go to %s again.", relay)
