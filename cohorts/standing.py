"""A participation's state, computed from its changes and nothing else. Pure.

The steps are those in force, in the order in which they count. `TRANSITIONS` says which step may
follow which state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.models import Participation, ParticipationChange

State = Participation.State
Kind = ParticipationChange.Kind

NOWHERE = ""
"""Before the first change, and after all changes were undone."""

TRANSITIONS: dict[str, frozenset[Kind]] = {
    NOWHERE: frozenset({Kind.OFFERED, Kind.ACCEPTED}),
    State.OFFERED: frozenset({Kind.ACCEPTED, Kind.DECLINED}),
    State.ACCEPTED: frozenset({Kind.STARTED, Kind.DEFERRED, Kind.TRANSFERRED, Kind.WITHDRAWN}),
    State.ACTIVE: frozenset({Kind.DEFERRED, Kind.TRANSFERRED, Kind.COMPLETED, Kind.WITHDRAWN}),
    State.DEFERRED: frozenset({Kind.REVIEWED, Kind.RESUMED, Kind.TRANSFERRED, Kind.WITHDRAWN}),
    State.WITHDRAWN: frozenset({Kind.REINSTATED}),
    State.COMPLETED: frozenset(),
    State.TRANSFERRED: frozenset(),
    State.DECLINED: frozenset(),
}

_LEADS_TO = {
    Kind.OFFERED: State.OFFERED,
    Kind.ACCEPTED: State.ACCEPTED,
    Kind.DECLINED: State.DECLINED,
    Kind.STARTED: State.ACTIVE,
    Kind.DEFERRED: State.DEFERRED,
    Kind.REVIEWED: State.DEFERRED,
    Kind.TRANSFERRED: State.TRANSFERRED,
    Kind.COMPLETED: State.COMPLETED,
    Kind.WITHDRAWN: State.WITHDRAWN,
}


@dataclass(frozen=True)
class Step:
    """One change in force: its kind, and the first day on which it counts."""

    kind: str
    effective_on: date


@dataclass(frozen=True)
class Plan:
    """The cohort's first and last day."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Standing:
    """What the changes add up to on one day: the columns of Participation."""

    state: str
    starts_on: date
    held_to: date | None
    expected_end_on: date


class NotListed(ValueError):
    """A change that may not follow what came before it."""

    def __init__(self, place: int, state: str) -> None:
        super().__init__(f"step {place} may not follow {state or 'nothing'}")
        self.place = place
        self.state = state


@dataclass
class _Life:
    plan: Plan
    state: str = NOWHERE
    first_day: date | None = None
    held_to: date | None = None
    has_started: bool = False
    deferred_on: date | None = None
    deferred_days: int = 0
    state_before_leaving: str = NOWHERE

    def take(self, step: Step) -> None:
        day = step.effective_on
        first_day = self.first_day or max(self.plan.starts_on, day)
        if step.kind == Kind.ACCEPTED:
            first_day = max(self.plan.starts_on, day)
        elif step.kind == Kind.STARTED:
            first_day, self.has_started = day, True
        elif step.kind == Kind.DEFERRED:
            self.deferred_on = day
        elif step.kind == Kind.RESUMED and self.deferred_on is not None:
            self.deferred_days += max(0, (day - max(self.deferred_on, first_day)).days)
        elif step.kind == Kind.COMPLETED:
            self.held_to = day
        elif step.kind in (Kind.WITHDRAWN, Kind.TRANSFERRED):
            self.state_before_leaving = self.state
            self.held_to = (day if self.has_started else first_day) - timedelta(days=1)
        elif step.kind == Kind.REINSTATED:
            self.held_to = None
        self.first_day = first_day
        self.state = self.after(step.kind)

    def after(self, kind: str) -> str:
        if kind == Kind.RESUMED:
            return State.ACTIVE if self.has_started else State.ACCEPTED
        if kind == Kind.REINSTATED:
            return self.state_before_leaving
        return _LEADS_TO[Kind(kind)]


def replay(steps: Sequence[Step], today: date, plan: Plan) -> Standing:
    """Add up the steps that count by `today`, this day included.

    A deferral, once over, moves the expected end by its length. Somebody who never took up their
    place, or whose every change was undone, stands as declined. Raises NotListed for a sequence
    that `TRANSITIONS` does not allow, later steps included.
    """
    life = _Life(plan)
    standing = _Life(plan)
    for place, step in enumerate(steps):
        if step.kind not in TRANSITIONS[life.state]:
            raise NotListed(place, life.state)
        life.take(step)
        if step.effective_on <= today:
            standing.take(step)
    first_day = standing.first_day or plan.starts_on
    return Standing(
        state=standing.state or State.DECLINED,
        starts_on=first_day,
        held_to=standing.held_to,
        expected_end_on=max(first_day, plan.ends_on + timedelta(days=standing.deferred_days)),
    )


def as_of(participation: Participation, day: date) -> Participation:
    """Set a participation's columns to what its steps add up to on a day, without saving.

    Needs `with_steps` and the cohort.
    """
    steps = [
        Step(step["kind"], date.fromisoformat(step["effective_on"]))
        for step in participation.known_steps  # type: ignore[attr-defined]
    ]
    cohort = participation.cohort
    standing = replay(steps, day, Plan(cohort.starts_on, cohort.ends_on))
    participation.state = standing.state
    participation.starts_on = standing.starts_on
    participation.held_to = standing.held_to
    participation.expected_end_on = standing.expected_end_on
    return participation


def in_force(changes: Iterable[ParticipationChange]) -> list[ParticipationChange]:
    """The changes that count, in order: without those undone, and without their undoing."""
    rows = list(changes)
    undone = {row.undoes_id for row in rows if row.undoes_id is not None}
    return sorted(
        (row for row in rows if row.undoes_id is None and row.pk not in undone),
        key=lambda row: (row.effective_on, row.recorded_at, row.pk),
    )


def steps_of(changes: Iterable[ParticipationChange]) -> list[Step]:
    return [Step(change.kind, change.effective_on) for change in changes]
