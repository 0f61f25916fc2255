"""Comparing the outbox with what should be in it: at every change, and again by the sweep.

Planning is a fixed point: run twice at one moment, the second run changes nothing. That is why a
plan says "as soon as possible" by leaving `due_at` out instead of naming an instant that moves.
Many subjects are planned at once, in the same few statements: letters are read once, compared in
memory, and only differences are locked and written.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction

from dlp.outbox import bounces, kinds
from dlp.outbox.delivery import doorbell
from dlp.outbox.models import Message
from dlp.outbox.models.states import OPEN_STATES, State
from dlp.outbox.names import Key
from dlp.outbox.operations import (
    DUE_SOON,
    add,
    close,
    dedupe_key,
    new_message,
    of_person,
    when_to_leave,
)
from dlp.outbox.plans.timing import Nights

AT_ONCE = timedelta()
CHANGES_SETTLE = timedelta(minutes=2)
"""How long the news of a change waits for another: moved twenty times in a minute, it is one letter."""


@dataclass(frozen=True)
class Wanted:
    """A letter that should exist about the subject being planned.

    `due_at` None is as soon as possible, or `settles` after it was first planned: so long another
    change may take its place. `not_needed` says in a sentence why it need not be sent all the same
    ("The letter about the new time says it."): it is then kept as not needed.
    """

    kind: str
    person_id: int
    not_after: datetime
    due_at: datetime | None = None
    settles: timedelta = AT_ONCE
    lead: str = ""
    revision: int = 0
    not_needed: str = ""


@dataclass(frozen=True)
class Plan:
    """The letters that should wait about one subject, which is at `revision`.

    Waiting letters that are not wanted are superseded if they tell of an older revision, and else
    cancelled for the reason that `why_not` gives.
    """

    subject_id: int
    wanted: Iterable[Wanted]
    revision: int = 0
    why_not: Callable[[Row], str] = lambda row: "It is no longer needed."


class Row(NamedTuple):
    """What planning needs to know about an existing letter."""

    pk: uuid.UUID
    key: str
    subject_id: int
    person_id: int | None
    kind: str
    lead: str
    revision: int
    state: str
    due_at: datetime
    not_after: datetime
    data_started_at: datetime | None
    possible_duplicate: bool
    cancelled_by: int | None

    @property
    def may_have_arrived(self) -> bool:
        return self.data_started_at is not None or self.possible_duplicate

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES and self.data_started_at is None


COLUMNS = (
    *("pk", "dedupe_key", "subject_id", "person_id", "kind", "lead", "revision", "state"),
    *("due_at", "not_after", "data_started_at", "possible_duplicate", "cancelled_by_id"),
)


class Letters:
    """The existing letters of some kinds about some subjects.

    Read with the subjects locked: a letter begins to leave only while it locks its subject, so none
    does before we are done.
    """

    def __init__(self, subject_kind: str, ids: Collection[int], planned: Collection[str]) -> None:
        self.subject_kind = subject_kind
        self._rows: dict[int, list[Row]] = defaultdict(list)
        found = Message.objects.filter(
            subject_kind=subject_kind, subject_id__in=ids, kind__in=planned
        )
        for values in found.order_by().values_list(*COLUMNS):
            row = Row(*values)
            self._rows[row.subject_id].append(row)

    def about(self, subject_id: int) -> list[Row]:
        return self._rows.get(subject_id, [])


class What(StrEnum):
    PLANNED = "planned"
    MOVED = "moved"
    CALLED_OFF = "called off"
    NOT_NEEDED = "not needed"


class Step(NamedTuple):
    """What planning did to one letter: its old and new time."""

    what: What
    subject: Key
    person_id: int | None
    kind: str
    lead: str
    was_due_at: datetime | None
    due_at: datetime | None


@dataclass
class Changes:
    """What a reconciliation did."""

    steps: list[Step] = field(default_factory=list)

    def __iadd__(self, other: Changes) -> Changes:
        self.steps += other.steps
        return self

    def count(self, what: What) -> int:
        return sum(step.what == what for step in self.steps)

    @property
    def planned(self) -> int:
        return self.count(What.PLANNED)

    @property
    def moved(self) -> int:
        return self.count(What.MOVED)

    @property
    def called_off(self) -> int:
        return self.count(What.CALLED_OFF)

    @property
    def not_needed(self) -> int:
        return self.count(What.NOT_NEEDED)

    @property
    def total(self) -> int:
        return len(self.steps)


@transaction.atomic
def reconcile(letters: Letters, plans: Iterable[Plan], *, nights: Nights, now: datetime) -> Changes:
    """Make the waiting letters about the planned subjects exactly the wanted ones.

    Call it in the transaction of the change, with the subjects locked. A letter that has left, was
    cancelled by hand or was given up stays as it is. If nothing changes, there is no query.
    """
    difference = _Difference(letters.subject_kind, nights, now)
    for plan in plans:
        difference.compare(plan, letters.about(plan.subject_id))
    return difference.carry_out()


class _Difference:
    """The differences between plans and letters, and how to resolve them."""

    def __init__(self, subject_kind: str, nights: Nights, now: datetime) -> None:
        self.subject_kind, self.nights, self.now = subject_kind, nights, now
        self.missing: list[Message] = []
        self.moves: dict[uuid.UUID, tuple[Row, datetime, datetime]] = {}
        self.ends: dict[uuid.UUID, tuple[Row, State, str]] = {}
        self._leaving: dict[tuple[str, datetime, datetime], datetime] = {}

    def compare(self, plan: Plan, rows: Iterable[Row]) -> None:
        there = {row.key: row for row in rows}
        for item in plan.wanted:
            key = self._key(plan.subject_id, item)
            row = there.pop(key, None)
            if row is not None:
                self._align(row, item)
            elif item.not_after > self.now:
                self.missing.append(self._new(plan.subject_id, item))
        for row in there.values():
            if row.is_open and row.revision < plan.revision:
                self.ends[row.pk] = row, State.SUPERSEDED, "A newer letter takes its place."
            elif row.is_open and row.not_after > self.now:
                self.ends[row.pk] = row, State.CANCELLED, plan.why_not(row)

    def carry_out(self) -> Changes:
        """Insert, move and close in one statement each, closing once per reason."""
        changes = Changes()
        self._spare_the_unreachable()
        if self.missing:
            add(self.missing, now=self.now)
            changes.steps += map(_planned, self.missing)
        if not (self.moves or self.ends):
            return changes
        states = Message.objects.filter(pk__in=[*self.moves, *self.ends]).lock()
        self._move(states, changes)
        self._close(states, changes)
        return changes

    def _spare_the_unreachable(self) -> None:
        """Letters to people out of reach are stored as cancelled instead of planned (R8)."""
        back = {pk: move[0] for pk, move in self.moves.items() if move[0].state == State.CANCELLED}
        to_plan = [row for row in self.missing if row.state == State.PLANNED]
        asked = {message.person_id for message in to_plan}
        asked |= {row.person_id for row in back.values()}
        lost = bounces.unreachable({one for one in asked if one is not None})
        for message in to_plan:
            if message.person_id in lost:
                message.state, message.state_reason = State.CANCELLED, lost[message.person_id]
        for pk, row in back.items():
            if row.person_id in lost:
                del self.moves[pk]

    def _key(self, subject_id: int, item: Wanted) -> str:
        subject = f"{self.subject_kind}:{subject_id}"
        return dedupe_key(of_person(item.person_id), subject, item.kind, item.lead, item.revision)

    def _new(self, subject_id: int, item: Wanted) -> Message:
        message = new_message(
            kinds.get(item.kind),
            recipient=of_person(item.person_id),
            person_id=item.person_id,
            subject_kind=self.subject_kind,
            subject_id=subject_id,
            revision=item.revision,
            lead=item.lead,
            now=self.now,
            leaves_at=self._leaves_at(item),
            not_after=item.not_after,
        )
        if item.not_needed:
            message.state = State.SUPPRESSED
            message.state_reason = item.not_needed
        return message

    def _align(self, row: Row, item: Wanted) -> None:
        """Adjust an existing letter to the wanted one; a claimed one is left to its last check."""
        if item.not_needed:
            if row.state == State.PLANNED:
                self.ends[row.pk] = row, State.SUPPRESSED, item.not_needed
            return
        came_back = (
            row.state == State.CANCELLED
            and row.cancelled_by is None
            and not row.may_have_arrived
            and item.not_after > self.now
        )
        if row.state != State.PLANNED and not came_back:
            return
        stays = item.due_at is None and not came_back
        due_at = min(row.due_at, item.not_after) if stays else self._leaves_at(item)
        if came_back or (row.due_at, row.not_after) != (due_at, item.not_after):
            self.moves[row.pk] = row, due_at, item.not_after

    def _leaves_at(self, item: Wanted) -> datetime:
        """For a letter that is ready now, the quiet hours are checked when it is about to leave."""
        if item.due_at is None:
            return min(self.now + item.settles, item.not_after)
        asked = item.kind, item.due_at, item.not_after
        if asked not in self._leaving:
            kind = kinds.get(item.kind)
            self._leaving[asked] = when_to_leave(
                kind, item.due_at, not_after=item.not_after, nights=self.nights
            )
        return self._leaving[asked]

    def _move(self, states: Mapping[uuid.UUID, str], changes: Changes) -> None:
        moves = [move for move in self.moves.values() if states.get(move[0].pk) == move[0].state]
        if not moves:
            return
        Message.objects.move([(row.pk, due_at, not_after) for row, due_at, not_after in moves])
        if any(due_at <= self.now + DUE_SOON for _, due_at, _ in moves):
            doorbell.ring_on_commit()
        for row, due_at, _ in moves:
            is_new = row.state == State.CANCELLED
            what, was = (What.PLANNED, None) if is_new else (What.MOVED, row.due_at)
            changes.steps.append(self._step(what, row, was, due_at))

    def _close(self, states: Mapping[uuid.UUID, str], changes: Changes) -> None:
        by_reason: dict[tuple[State, str], list[Row]] = defaultdict(list)
        for row, state, reason in self.ends.values():
            if states.get(row.pk) in OPEN_STATES:
                by_reason[state, reason].append(row)
        for (state, reason), rows in by_reason.items():
            close(Message.objects.filter(pk__in=[row.pk for row in rows]).open(), state, reason)
            what = What.NOT_NEEDED if state == State.SUPPRESSED else What.CALLED_OFF
            changes.steps += [self._step(what, row, row.due_at, None) for row in rows]

    def _step(
        self, what: What, row: Row, was_due_at: datetime | None, due_at: datetime | None
    ) -> Step:
        subject = self.subject_kind, row.subject_id
        return Step(what, subject, row.person_id, row.kind, row.lead, was_due_at, due_at)


def _planned(message: Message) -> Step:
    is_planned = message.state == State.PLANNED
    return Step(
        What.PLANNED if is_planned else What.NOT_NEEDED,
        (message.subject_kind, message.subject_id),
        message.person_id,
        message.kind,
        message.lead,
        None,
        message.due_at if is_planned else None,
    )
