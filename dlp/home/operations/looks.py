"""Recording that somebody looked at their home."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from cohorts.models import Person

VISIT = timedelta(hours=1)
"""Looks closer together than this are one visit."""
NOTE = """\
INSERT INTO "home_look" AS known (person_id, looked_at, since_at) VALUES (%s, %s, NULL)
ON CONFLICT (person_id) DO UPDATE SET
    since_at = CASE WHEN known.looked_at < %s THEN known.looked_at ELSE known.since_at END,
    looked_at = greatest(known.looked_at, excluded.looked_at)
RETURNING since_at
"""


def note(person: Person, now: datetime) -> datetime | None:
    """Record a look; return when they looked before this visit, None the first time.

    A single statement, so that two tabs opened at once are one visit.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [person.pk, now, now - VISIT])
        (since,) = cursor.fetchone()
    known: datetime | None = since
    return known
