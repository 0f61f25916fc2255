"""How the attempts at a requirement spread over its plan items. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cohorts.models import PlanItem, RequirementAttempt

State = PlanItem.State
Outcome = RequirementAttempt.State

ON_THE_WAY = frozenset({Outcome.BOOKED, Outcome.WAITING_FOR_YOU, Outcome.WAITING_FOR_US})


class Slot(NamedTuple):
    """One plan item; its state matters only if it is waived or not applicable."""

    pk: int
    state: str


class Attempt(NamedTuple):
    """One attempt at the requirement."""

    pk: int
    state: str
    on: date


class Stand(NamedTuple):
    """The state of an item, and the attempt that it rests on."""

    state: str
    attempt: int | None = None


def fold(slots: Sequence[Slot], attempts: Sequence[Attempt]) -> list[Stand]:
    """The state of each item; slots come in the order of their days, attempts in any order.

    Met attempts fill the first items that are not excused, in the order of their days; attempts
    under way fill the next. If the latest attempt of all is to be repeated, the first open item
    says so. Attempts beyond the number of items are ignored.
    """
    told = sorted(
        (attempt for attempt in attempts if attempt.state != Outcome.NOT_COUNTED), key=_by_day
    )
    filling = [attempt for attempt in told if attempt.state == Outcome.MET]
    filling += [attempt for attempt in told if attempt.state in ON_THE_WAY]
    if told and told[-1].state == Outcome.TO_REPEAT:
        filling.append(told[-1])
    coming = iter(filling)
    stands = []
    for slot in slots:
        if slot.state in PlanItem.EXCUSED_STATES:
            stands.append(Stand(slot.state))
        elif attempt := next(coming, None):
            stands.append(Stand(attempt.state, attempt.pk))
        else:
            stands.append(Stand(State.NOT_STARTED))
    return stands


def _by_day(attempt: Attempt) -> tuple[date, int]:
    return attempt.on, attempt.pk
