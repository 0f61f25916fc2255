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
from functools import cache, lru_cache
from typing import NamedTuple

from django.db.models import Count, F, Min, Q

from cohorts.models import PlanItem, Requirement
from dlp.prepared import SOME_DAY, SOMEBODY, SOMETHING, Prepared

State = PlanItem.State


class Progress(NamedTuple):
    """One person and one requirement: the first open item, or the last if all are done."""

    state: str
    done: int
    """How many of its items are met or waived."""
    of: int
    """How many items count: not applicable ones never, optional ones once they are done."""
    due_on: date | None
    """When the next open item is due; None if there is none, or its day is not known."""
    overdue_days: int
    attempt: int | None
    """The key of the attempt that the state rests on; None if there is none."""

    @property
    def is_done(self) -> bool:
        """Whether nothing more of it is asked."""
        return self.done >= self.of


MET, WAIVED, NOT_APPLICABLE = (str(one) for one in (State.MET, State.WAIVED, State.NOT_APPLICABLE))
Item = tuple[int, str, str, bool, date | None, int | None]
"""Participation, key of the requirement, state, whether optional, due, and the go."""


def progress_of(participations: Collection[int], today: date) -> dict[int, dict[str, Progress]]:
    """Progress by participation and by key of requirement."""
    keys = list(participations)
    rows = _items().rows({SOMEBODY: keys}) if keys else []
    plans: dict[int, dict[str, list[Item]]] = {}
    for item in rows:
        plans.setdefault(item[0], {}).setdefault(item[1], []).append(item)
    return {
        pk: {key: _progress(items, today) for key, items in plan.items()}
        for pk, plan in plans.items()
    }


@cache
def _items() -> Prepared:
    return Prepared(
        PlanItem.objects.filter(participation__in=[SOMEBODY])
        .order_by(F("due_on").asc(nulls_last=True), "position")
        .values_list(
            "participation", "requirement__key", "state", "is_optional", "due_on", "attempt"
        )
    )


def late_since(
    participations: Collection[int], requirements: Collection[Requirement], today: date
) -> dict[int, date]:
    """When the first overdue item of these requirements was due, by participation. One query."""
    keys, asked = list(participations), [one.pk for one in requirements]
    if not keys or not asked:
        return {}
    return dict(_late().rows({SOMEBODY: keys, SOMETHING: asked, SOME_DAY: today}))


@cache
def _late() -> Prepared:
    late = PlanItem.objects.filter(
        _is_asked(),
        participation__in=[SOMEBODY],
        requirement__in=[SOMETHING],
        due_on__lt=SOME_DAY,
    )
    days = late.order_by().values("participation").annotate(first=Min("due_on"))
    return Prepared(days.values_list("participation", "first"))


def waiting_in(
    state: str, participations: Collection[int], requirements: Collection[Requirement]
) -> set[int]:
    """The participations with an item of these requirements in this state."""
    found = PlanItem.objects.filter(
        state=state, participation__in=participations, requirement__in=requirements
    )
    return set(found.values_list("participation", flat=True))


class Totals(NamedTuple):
    """One person and their whole plan, counting items as `Progress` does."""

    done: int
    of: int
    overdue: int
    """How many open items were due before today, even if the person is deferred."""


def totals_of(participations: Collection[int], today: date) -> dict[int, Totals]:
    """Totals by participation, for those with a plan; the database sums them in one query."""
    keys = list(participations)
    if not keys:
        return {}
    sums = _sums(today).rows({SOMEBODY: keys})
    return {pk: Totals(done, done + asked, overdue) for pk, done, asked, overdue in sums}


@lru_cache(maxsize=2)
def _sums(today: date) -> Prepared:
    is_done, is_asked = Q(state__in=PlanItem.DONE_STATES), _is_asked()
    return Prepared(
        PlanItem.objects.filter(participation__in=[SOMEBODY])
        .order_by()
        .values("participation")
        .annotate(
            done=Count("pk", filter=is_done),
            asked=Count("pk", filter=is_asked),
            overdue=Count("pk", filter=is_asked & Q(due_on__lt=today)),
        )
        .values_list("participation", "done", "asked", "overdue")
    )


def _is_asked() -> Q:
    """Neither done nor excused, and not optional."""
    is_closed = Q(state__in=[*PlanItem.DONE_STATES, State.NOT_APPLICABLE])
    return ~is_closed & Q(is_optional=False)


def _progress(items: list[Item], today: date) -> Progress:
    """The next item asked for; else the last met, the last waived, an optional one, any."""
    done = asked = 0
    following = met = waived = spare = None
    for item in items:
        state, is_optional = item[2], item[3]
        if state == MET:
            done, met = done + 1, item
        elif state == WAIVED:
            done, waived = done + 1, item
        elif state != NOT_APPLICABLE and is_optional:
            spare = spare or item
        elif state != NOT_APPLICABLE:
            asked, following = asked + 1, following or item
    _, _, state, _, day, attempt = following or met or waived or spare or items[-1]
    due_on = day if following else None
    overdue_days = (today - due_on).days if due_on and due_on < today else 0
    return Progress(state, done, done + asked, due_on, overdue_days, attempt)
