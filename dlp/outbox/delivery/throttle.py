"""How fast, and by how many connections, letters go to a relay (R23).

A bucket in Postgres fills with RELAY_RATE tokens a second and holds one second's worth; each batch
takes its tokens from it. RELAY_CONNECTIONS lanes are advisory locks, which end with the sender that
holds them. 0 means no limit for either.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.db.models.functions import Now

from dlp.outbox.models import RelayState

CROWDED_FOR = timedelta(minutes=10)

TAKE = """
    WITH bucket AS (
        SELECT id, least(%(rate)s, tokens + %(rate)s
            * greatest(0, extract(epoch FROM clock_timestamp() - refilled_at))) AS level
        FROM outbox_relaystate WHERE name = %(relay)s FOR UPDATE
    )
    UPDATE outbox_relaystate AS relay
    SET tokens = level - least(floor(level), %(wanted)s), refilled_at = clock_timestamp()
    FROM bucket WHERE relay.id = bucket.id
    RETURNING least(floor(level), %(wanted)s)::int
"""
LANE = """
    SELECT lane FROM generate_series(1, CASE WHEN EXISTS (
        SELECT FROM outbox_relaystate WHERE name = %s AND crowded_until > statement_timestamp()
    ) THEN 1 ELSE %s END) AS lane
    WHERE pg_try_advisory_lock(%s, lane) LIMIT 1
"""


def take(relay: str, wanted: int) -> int:
    """How many letters may go now, `wanted` at most; 0 means none yet."""
    if not settings.RELAY_RATE:
        return wanted
    rate: int = settings.RELAY_RATE
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"relay": relay, "wanted": wanted, "rate": rate})
        found = cursor.fetchone()
    if found is None:
        RelayState.objects.bulk_create([RelayState(name=relay, tokens=rate)], ignore_conflicts=True)
        return take(relay, wanted)
    granted: int = found[0]
    return granted


def give_back(relay: str, count: int) -> None:
    """Put back what was taken and not needed."""
    if settings.RELAY_RATE and count > 0:
        RelayState.objects.filter(name=relay).update(tokens=F("tokens") + count)


@contextlib.contextmanager
def lane(relay: str) -> Iterator[bool]:
    """Hold one of the relay's connections while the block runs; False if none is free.

    A crowded relay has one lane for a while.
    """
    if not settings.RELAY_CONNECTIONS:
        yield True
        return
    key = key_of(relay)
    with connection.cursor() as cursor:
        cursor.execute(LANE, [relay, settings.RELAY_CONNECTIONS, key])
        found = cursor.fetchone()
    try:
        yield found is not None
    finally:
        if found is not None:
            _leave(key, found[0])


def key_of(relay: str) -> int:
    """The first half of the advisory locks that are a relay's lanes; the second is the lane."""
    return zlib.crc32(f"outbox lane {relay}".encode()) - 2**31


def note_crowd(relay: str) -> None:
    """The relay is busy: one connection at a time, for a while."""
    RelayState.objects.bulk_create([RelayState(name=relay)], ignore_conflicts=True)
    RelayState.objects.filter(name=relay).update(crowded_until=Now() + CROWDED_FOR)


def _leave(key: int, number: int) -> None:
    """Release the lock, which is gone already if its connection is."""
    with (
        contextlib.suppress(OperationalError, InterfaceError),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [key, number])
