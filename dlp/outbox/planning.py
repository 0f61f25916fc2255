"""What should be in the outbox against what is: reconciled at every change, and again by the sweep.

Planning is a fixed point: run twice at one moment, the second run changes nothing. That is why a plan
says "as soon as possible" by leaving `due_at` out instead of naming an instant that moves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from dlp.outbox import doorbell, kinds, timing
from dlp.outbox.clock import database_now
from dlp.outbox.models import LeadPolicy, Message, SweepDay
from dlp.outbox.models.messages import State
from dlp.outbox.operations import DUE_SOON, add, close, new_message, recipient_key

if TYPE_CHECKING:
    from cohorts.models import Person

logger = logging.getLogger(__name__)

HELD_STILL = "Held, as it was before it moved."
SWEEP_LOCK = 7_001_001  # an advisory lock: one sweep at a time is enough


@dataclass(frozen=True)
class Lead:
    """One reminder of one session: its key (7d, 2h), when it is due, when it stops being of use."""

    key: str
    due_at: datetime
    not_after: datetime


@dataclass(frozen=True)
class Wanted:
    """A letter that should exist about the subject being planned.

    `due_at` None is as soon as possible. `not_needed` says in a sentence why it need not be sent all
    the same ("The letter about the new time says it."): it is then kept as not needed.
    """

    kind: str
    person: Person
    not_after: datetime
    due_at: datetime | None = None
    lead: str = ""
    revision: int = 0
    not_needed: str = ""


@dataclass
class Changes:
    """What a reconciliation did."""

    planned: int = 0
    moved: int = 0
    called_off: int = 0
    not_needed: int = 0

    @property
    def total(self) -> int:
        return self.planned + self.moved + self.called_off + self.not_needed


def leads_for(
    session_kind: str, starts_at: datetime, *, policies: Iterable[LeadPolicy] | None = None
) -> list[Lead]:
    """The reminders of a session of this kind that starts then, the earliest first.

    A planner of many sessions reads the table once and hands `policies` in.
    """
    if policies is None:
        policies = LeadPolicy.objects.in_use(session_kind)
    leads = [
        Lead(policy.key, due_time(policy, starts_at), starts_at - policy.useful_until)
        for policy in policies
        if policy.session_kind == session_kind and policy.is_on
    ]
    return sorted(leads, key=lambda lead: lead.due_at)


def due_time(policy: LeadPolicy, starts_at: datetime) -> datetime:
    """A calendar lead moves back to a working day; an elapsed one never moves."""
    if policy.hours is not None:
        return timing.elapsed_lead(starts_at, hours=policy.hours)
    if policy.days is None or policy.at is None:
        raise ValueError("The database keeps a lead to days and a time, or to hours.")
    lead = timing.calendar_lead(starts_at, days=policy.days, at=policy.at)
    return timing.on_working_day(lead)


@transaction.atomic
def reconcile(
    subject_kind: str,
    subject_id: int,
    wanted: Iterable[Wanted],
    *,
    kinds_planned: Collection[str],
    revision: int = 0,
    reason: str = "It is no longer needed.",
    now: datetime | None = None,
) -> Changes:
    """Make the waiting letters of `kinds_planned` about a subject be exactly the wanted ones.

    Call it in the transaction of the change, with the subject's row locked. Missing letters are
    planned, moved ones move, surplus ones are superseded where they tell of a revision before
    `revision` and else cancelled for `reason`. A letter that has left, was cancelled by hand or was
    given up stays as it is. Changing nothing costs one query.
    """
    now = now or database_now()
    plan = {
        message.dedupe_key: (message, item)
        for message, item in _planned(subject_kind, subject_id, wanted, now)
    }
    existing = {
        message.dedupe_key: message
        for message in Message.objects.about(subject_kind, subject_id)
        .filter(kind__in=kinds_planned)
        .defer("frozen", "context")
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    changes = Changes()
    missing = [
        message
        for key, (message, item) in plan.items()
        if key not in existing and message.not_after > now
    ]
    if missing:
        add(missing, now=now)
        changes.planned = sum(row.state == State.PLANNED for row in missing)
        changes.not_needed = len(missing) - changes.planned
    for key, message in existing.items():
        if key in plan:
            _bring_into_line(message, *plan[key], now=now, changes=changes)
    _call_off(
        [message for key, message in existing.items() if key not in plan and message.is_open],
        revision=revision,
        reason=reason,
        changes=changes,
    )
    return changes


def _planned(
    subject_kind: str, subject_id: int, wanted: Iterable[Wanted], now: datetime
) -> Iterable[tuple[Message, Wanted]]:
    for item in wanted:
        message = new_message(
            kinds.get(item.kind),
            recipient=recipient_key(item.person, ""),
            person=item.person,
            subject_kind=subject_kind,
            subject_id=subject_id,
            revision=item.revision,
            lead=item.lead,
            now=now,
            due_at=item.due_at,
            not_after=item.not_after,
        )
        if item.not_needed:
            message.state = State.SUPPRESSED
            message.state_reason = item.not_needed
        yield message, item


def _bring_into_line(
    message: Message, target: Message, item: Wanted, *, now: datetime, changes: Changes
) -> None:
    """Let one existing letter be as it is wanted; what a sender holds is left to the sender's last look."""
    if message.state == State.PLANNED and item.not_needed:
        close(Message.objects.filter(pk=message.pk), State.SUPPRESSED, item.not_needed)
        changes.not_needed += 1
        return
    came_back = (
        message.state == State.CANCELLED
        and message.cancelled_by_id is None
        and not message.may_have_arrived
        and not item.not_needed
        and target.not_after > now
    )
    moves = message.state == State.PLANNED and (
        message.not_after != target.not_after
        or (item.due_at is not None and message.due_at != target.due_at)
    )
    if not (came_back or moves):
        return
    due_at = message.due_at if item.due_at is None and not came_back else target.due_at
    Message.objects.filter(pk=message.pk).update(
        state=State.PLANNED,
        state_reason=HELD_STILL if message.held_until else "",
        due_at=min(due_at, target.not_after),
        next_attempt_at=min(due_at, target.not_after),
        not_after=target.not_after,
        frozen=None,
        frozen_at=None,
        updated_at=Now(),
    )
    if due_at <= now + DUE_SOON:
        doorbell.ring_on_commit()
    changes.moved += moves
    changes.planned += came_back


def _call_off(surplus: list[Message], *, revision: int, reason: str, changes: Changes) -> None:
    for state, words, chosen in (
        (State.SUPERSEDED, "A newer letter takes its place.", True),
        (State.CANCELLED, reason, False),
    ):
        keys = [row.pk for row in surplus if (row.revision < revision) is chosen]
        if keys:
            changes.called_off += close(Message.objects.filter(pk__in=keys).open(), state, words)


_sweepers: list[Callable[[], int]] = []


def register_sweeper(sweeper: Callable[[], int]) -> Callable[[], int]:
    """Make a planner part of the sweep: it reconciles all its subjects and returns how much it changed."""
    if sweeper not in _sweepers:
        _sweepers.append(sweeper)
    return sweeper


def sweep() -> int:
    """Run every app's planner and return the number of repairs; 0 at once if another sweep is running.

    A repair means that some change forgot to plan: it is logged as a warning, and counted to its day.
    """
    repairs = failures = 0
    for sweeper in _sweepers:
        name = f"{sweeper.__module__}.{sweeper.__qualname__}"
        try:
            with transaction.atomic():
                if not _only_sweep():
                    return repairs
                made = sweeper()
        except Exception:
            logger.exception("The sweep by %s failed; the others go on.", name)
            failures += 1
            continue
        if made:
            logger.warning("The sweep by %s repaired %d letters.", name, made)
        repairs += made
    SweepDay.objects.add_run(timezone.localdate(), repairs=repairs, failures=failures)
    return repairs


def rehearse() -> tuple[int, int]:
    """What a sweep would repair now, and what a second one right after it would; nothing is kept."""
    with transaction.atomic():
        first, second = (sum(sweeper() for sweeper in _sweepers) for _ in range(2))
        transaction.set_rollback(True)
    return first, second


def _only_sweep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def horizon(now: datetime, *, days: int = 60) -> datetime:
    """How far ahead planners look (R4); the sweep brings the rest in as time goes by."""
    return now + timedelta(days=days)
