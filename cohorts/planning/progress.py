"""Where people stand with what is asked of them: one query for any number of them, flat values.

    standing = progress_of([participation.pk, ...], today)
    standing[participation.pk]["supervision"].state

A person's dictionary holds the requirements of their plan alone; whoever has no plan is left out.
The words for a state are `PlanItem.State(state).label`; whether somebody is deferred, and so not to
be chased, their participation says.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, F, Q

from cohorts.models import PlanItem

State = PlanItem.State


class Progress(NamedTuple):
    """One person and one requirement: the first item still open, or the last where all are done."""

    state: str
    done: int
    """How many of its items are met or waived,"""
    of: int
    """of so many: those not applicable are left out, and optional ones until they are done."""
    since: date | None
    """The day of the go that the state rests on; None where there was none."""
    due_on: date | None
    """When the next item still open is due; None where nothing is, or the day is not known yet."""
    overdue_days: int
    attempt: int | None
    """The key of that go, which says what it rests on; None where there was none."""

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is asked any more."""
        return self.done >= self.of


class _Item(NamedTuple):
    participation: int
    key: str
    state: str
    is_optional: bool
    due_on: date | None
    attempt: int | None
    on: date | None

    @property
    def is_done(self) -> bool:
        return self.state in PlanItem.DONE_STATES

    @property
    def is_open(self) -> bool:
        return not self.is_done and self.state != State.NOT_APPLICABLE


def progress_of(participations: Collection[int], today: date) -> dict[int, dict[str, Progress]]:
    """By participation and by the key of the requirement, in the order of the requirements."""
    rows = PlanItem.objects.filter(participation__in=participations).values_list(
        "participation",
        "requirement__key",
        "state",
        "is_optional",
        "due_on",
        "attempt",
        "attempt__on",
    )
    in_order = rows.order_by(
        "participation_id",
        "requirement__position",
        "requirement__key",
        F("due_on").asc(nulls_last=True),
        "position",
        "key",
    )
    found: dict[int, dict[str, Progress]] = {}
    for (pk, key), items in groupby(in_order, key=lambda row: row[:2]):
        found.setdefault(pk, {})[key] = _progress([_Item(*item) for item in items], today)
    return found


class Totals(NamedTuple):
    """One person and their whole plan, counted in items as `Progress` counts them."""

    done: int
    of: int
    overdue: int
    """How many still open were due before today; of the deferred they are not to be chased."""


def totals_of(participations: Collection[int], today: date) -> dict[int, Totals]:
    """By participation, summed by the database: one query; whoever has no plan is left out."""
    is_done = Q(state__in=PlanItem.DONE_STATES)
    is_asked = ~is_done & ~Q(state=State.NOT_APPLICABLE) & Q(is_optional=False)
    sums = (
        PlanItem.objects.filter(participation__in=participations)
        .order_by()
        .values("participation")
        .annotate(
            done=Count("pk", filter=is_done),
            asked=Count("pk", filter=is_asked),
            overdue=Count("pk", filter=is_asked & Q(due_on__lt=today)),
        )
        .values_list("participation", "done", "asked", "overdue")
    )
    return {pk: Totals(done, done + asked, overdue) for pk, done, asked, overdue in sums}


def _progress(items: list[_Item], today: date) -> Progress:
    done = sum(item.is_done for item in items)
    asked = [item for item in items if item.is_open and not item.is_optional]
    following = next(iter(asked), None)
    shown = following or _last_word(items)
    due_on = following.due_on if following else None
    return Progress(
        state=shown.state,
        done=done,
        of=done + len(asked),
        since=shown.on,
        due_on=due_on,
        overdue_days=max(0, (today - due_on).days) if due_on else 0,
        attempt=shown.attempt,
    )


def _last_word(items: list[_Item]) -> _Item:
    """Of items none of which is still asked for: the last met, else waived, else open, else none."""
    for state in (State.MET, State.WAIVED):
        if found := [item for item in items if item.state == state]:
            return found[-1]
    return next((item for item in items if item.is_open), items[-1])
