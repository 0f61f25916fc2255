"""Jobs for once a day, triggered by intervals, as often and from as many places as you like (R33).

No crontab: the first trigger after the hour does the work, whatever the clocks did that night, and
a lost one is made good by the next.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from datetime import time
from typing import Any

from django.db import connection, transaction

from dlp.calendar import wall
from dlp.outbox.clock import database_now
from dlp.outbox.models import JobRun
from dlp.outbox.watch import invariants
from dlp.outbox.watch.health import INVARIANTS

logger = logging.getLogger(__name__)

AT_NIGHT = time(2, 30)
JOB_LOCK = 7_001_002  # with the job's name, an advisory lock: one at a time


@transaction.atomic
def once_a_day(
    name: str, job: Callable[[], dict[str, Any]], *, after: time = AT_NIGHT
) -> JobRun | None:
    """Do a job unless it was done today, is being done, or it is too early; its run, if it was us.

    What the job writes and that it ran are one transaction: a job that breaks off has not run.
    """
    started_at = database_now()
    local = wall(started_at)
    if not _only_one(name) or not is_due(name, after=after):
        return None
    result = job()
    return JobRun.objects.create(
        name=name,
        local_date=local.date(),
        started_at=started_at,
        ended_at=database_now(),
        result=result,
    )


def is_due(name: str, *, after: time = AT_NIGHT) -> bool:
    """Whether it is late enough for a job that has not been done today."""
    local = wall(database_now())
    done = JobRun.objects.filter(name=name, local_date=local.date())
    return local.time() >= after and not done.exists()


def check_invariants() -> JobRun | None:
    """Every night: look whether what must be true of the letters is."""
    return once_a_day(INVARIANTS, _invariants)


def _invariants() -> dict[str, Any]:
    found = list(invariants.findings())
    broken = {finding.name: finding.broken.count for finding in found if not finding.holds}
    if broken:
        logger.error("These do not hold of the letters: %s.", ", ".join(broken))
    return {"checked": len(found), "broken": broken}


def _only_one(name: str) -> bool:
    with connection.cursor() as cursor:
        key = zlib.crc32(name.encode()) & 0x7FFFFFFF
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [JOB_LOCK, key])
        return bool(cursor.fetchone()[0])
