"""A cohort's state, derived from its dates and people: once in Python, once as SQL."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When

from cohorts.models import Cohort, Participation


class CohortState(TextChoices):
    PLANNED = "planned", "Planned"
    RECRUITING = "recruiting", "Recruiting"
    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"


RECRUITED_AHEAD = timedelta(days=365)
"""How long before its first day a cohort recruits, if nobody was offered a place earlier."""


def state_on(
    day: date, starts_on: date, ends_on: date, *, is_offered: bool, is_held: bool, is_current: bool
) -> CohortState:
    """The state of a cohort on a day.

    The flags say whether a place in it is offered, was ever held, and is held now. A cohort is
    completed when its last person is: before its last day if all left early, and not while somebody
    who deferred has still to finish.
    """
    if day < starts_on:
        is_near = starts_on - day <= RECRUITED_AHEAD
        found = is_near or is_offered or is_current
        return CohortState.RECRUITING if found else CohortState.PLANNED
    if not is_current and (is_held or day > ends_on):
        return CohortState.COMPLETED
    return CohortState.ACTIVE


def with_state(cohorts: QuerySet[Cohort], day: date) -> QuerySet[Cohort]:
    """Annotate cohorts with `state`, as `state_on` computes it for today."""
    of_cohort = Participation.objects.filter(cohort=OuterRef("pk"))
    current = Exists(of_cohort.current())
    offered = Exists(of_cohort.filter(state=Participation.State.OFFERED))
    held = Exists(of_cohort.filter(state__in=Participation.HELD_STATES))
    near = Q(starts_on__lte=day + RECRUITED_AHEAD)
    ahead = Q(starts_on__gt=day)
    return cohorts.annotate(
        state=Case(
            When(ahead & (near | Q(offered) | Q(current)), then=Value(CohortState.RECRUITING)),
            When(ahead, then=Value(CohortState.PLANNED)),
            When(~Q(current) & (Q(ends_on__lt=day) | Q(held)), then=Value(CohortState.COMPLETED)),
            default=Value(CohortState.ACTIVE),
        )
    )
