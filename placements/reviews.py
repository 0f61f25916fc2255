"""Placement reviews that are due: open plan items, in the placement that they fall in.

The item's day is the only date: if it moves, so does the review (R-PLC-04).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cohorts.models import Participation, PlanItem
from cohorts.models.plans import PlanItemQuerySet
from placements.models import Placement
from placements.models.placements import PlacementQuerySet

STARTS_WITH = "review-"
"""How the keys of the requirements begin that are placement reviews: more of them are data (R-PRG-01)."""
OVERDUE_AFTER = timedelta(days=14)
OPEN_STATES = (PlanItem.State.NOT_STARTED, PlanItem.State.TO_REPEAT)


def review_items() -> PlanItemQuerySet:
    """Every plan item that asks for a placement review, done or not."""
    return PlanItem.objects.filter(requirement__key__regex=f"^{STARTS_WITH}")


def placed_in() -> Subquery:
    """The key of the placement on the item's day, as an annotation for items."""
    return Subquery(_around(Placement.objects.all()).values("pk")[:1])


def due_in(placements: PlacementQuerySet) -> PlanItemQuerySet:
    """Reviews that are due and fall in one of these placements.

    Reviews of one requirement are held in order, so the first is the one to write up.
    """
    return review_items().filter(Exists(_around(placements)), state__in=OPEN_STATES)


def due_for(placement: Placement) -> PlanItemQuerySet:
    """The reviews due in a placement, the nearest first."""
    return due_in(Placement.objects.filter(pk=placement.pk))


def asked_for() -> QuerySet[Any, Any]:
    """Due reviews of people who are not deferred, in placements that run and are not paused.

    Each is annotated with the `placement_id` on its day.
    """
    going_on = Placement.objects.live().exclude(state=Placement.State.PAUSED)
    here = due_in(going_on).filter(participation__state__in=Participation.EXPECTED_STATES)
    return here.annotate(placement_id=placed_in())


def _around(placements: PlacementQuerySet) -> PlacementQuerySet:
    """The placement on an item's day: one at most, since they never overlap."""
    return (
        placements.held()
        .filter(
            participation=OuterRef("participation"),
            starts_on__lte=OuterRef("due_on"),
            ends_on__gte=OuterRef("due_on"),
        )
        .order_by()
    )


def is_overdue(item: PlanItem, today: date) -> bool:
    return item.due_on is not None and item.due_on < today - OVERDUE_AFTER
