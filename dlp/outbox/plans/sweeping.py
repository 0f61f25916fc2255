"""The apps' planners, and running them: every five minutes, for one person, for a new policy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from dlp.outbox.clock import database_now
from dlp.outbox.models import SweepDay
from dlp.outbox.plans.planning import Changes

if TYPE_CHECKING:
    from cohorts.models import Person

logger = logging.getLogger(__name__)

SWEEP_LOCK = 7_001_001  # an advisory lock: one sweep at a time is enough
BATCH = 100
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class Planner:
    """How an app plans the letters about one kind of subject.

    `plan` corrects what waits about these subjects, skipping those that somebody else has locked:
    they plan themselves. `ahead` returns the subjects still to come; if given, only those that
    start before an instant, and of one kind of session. `concerning` returns the subjects to come
    that concern one person.
    """

    name: str
    plan: Callable[[Sequence[int]], Changes]
    ahead: Callable[[datetime | None, str], Sequence[int]]
    concerning: Callable[[Person], Sequence[int]]


_planners: dict[str, Planner] = {}


def register(planner: Planner) -> None:
    """Make a planner part of every sweep, replacing one of the same name."""
    _planners[planner.name] = planner


def sweep() -> int:
    """Run every planner on what is to come; return the number of repairs, 0 if a sweep is running.

    Each batch is its own transaction. A repair means that some change forgot to plan: it is logged
    as a warning, and counted for its day.
    """
    repairs = failures = 0
    with _the_only_sweep() as is_only:
        if not is_only:
            return 0
        for planner in _planners.values():
            found = 0
            try:
                for made in _repairs(planner):
                    found += made
            except Exception:
                logger.exception("The sweep of %s failed; the others go on.", planner.name)
                failures += 1
            if found:
                logger.warning("The sweep of %s repaired %d letters.", planner.name, found)
            repairs += found
        SweepDay.objects.add_run(timezone.localdate(), repairs=repairs, failures=failures)
    return repairs


def plan_for(person: Person) -> Changes:
    """Plan again for somebody who can be written to again, in the transaction that says so (R3)."""
    changes = Changes()
    for planner in _planners.values():
        if subjects := planner.concerning(person):
            changes += planner.plan(subjects)
    return changes


@transaction.atomic
def replan(session_kind: str = "") -> Changes:
    """Plan everything to come again, however far ahead: for one kind of session, or all."""
    changes = Changes()
    for planner in _planners.values():
        changes += planner.plan(planner.ahead(None, session_kind))
    return changes


def rehearse() -> tuple[int, int]:
    """What a sweep would repair now, and a second one right after it; all rolled back."""
    with transaction.atomic():
        first, second = (
            sum(sum(_repairs(planner)) for planner in _planners.values()) for _ in range(2)
        )
        transaction.set_rollback(True)
    return first, second


def horizon(now: datetime) -> datetime:
    """How far ahead the sweep looks (R4); further changes are planned only when they happen."""
    return now + HORIZON


def _repairs(planner: Planner) -> Iterator[int]:
    ahead = planner.ahead(horizon(database_now()), "")
    for start in range(0, len(ahead), BATCH):
        with transaction.atomic():
            made = planner.plan(ahead[start : start + BATCH]).total
        yield made


@contextmanager
def _the_only_sweep() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        is_only = bool(cursor.fetchone()[0])
    try:
        yield is_only
    finally:
        if is_only:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
