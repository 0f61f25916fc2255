"""What the goes at a requirement add up to over its items. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cohorts.models import PlanItem, RequirementAttempt

State = PlanItem.State
Outcome = RequirementAttempt.State

ON_THE_WAY = frozenset({Outcome.BOOKED, Outcome.WAITING_FOR_YOU, Outcome.WAITING_FOR_US})


class Slot(NamedTuple):
    """One item of a plan: its state matters only where it is waived or not applicable."""

    pk: int
    state: str


class Go(NamedTuple):
    """One go at the requirement."""

    pk: int
    state: str
    on: date


class Stand(NamedTuple):
    """Where an item stands, and the go that it rests on."""

    state: str
    attempt: int | None = None


def fold(slots: Sequence[Slot], goes: Sequence[Go]) -> list[Stand]:
    """Where each item stands: the slots come in the order of their days, the goes in any.

    What was met fills the first items that are not excused, in the order in which it was; what is
    on the way fills the next. Where the last word of all goes is that it is to be repeated, the first
    item still open says so. Goes beyond the number of items count for nothing.
    """
    told = sorted((go for go in goes if go.state != Outcome.NOT_COUNTED), key=_by_day)
    filling = [go for go in told if go.state == Outcome.MET]
    filling += [go for go in told if go.state in ON_THE_WAY]
    if told and told[-1].state == Outcome.TO_REPEAT:
        filling.append(told[-1])
    coming = iter(filling)
    stands = []
    for slot in slots:
        if slot.state in PlanItem.EXCUSED_STATES:
            stands.append(Stand(slot.state))
        elif go := next(coming, None):
            stands.append(Stand(go.state, go.pk))
        else:
            stands.append(Stand(State.NOT_STARTED))
    return stands


def _by_day(go: Go) -> tuple[date, int]:
    return go.on, go.pk
