"""Placements and their reviews as subjects of letters: how staff pages name and find them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from cohorts.models import Person, PlanItem
from dlp.outbox import names
from dlp.outbox.names import Name, Naming
from placements.models import Placement
from placements.offers import SUBJECT as PLACEMENT
from placements.reminders import SUBJECT
from placements.reviews import review_items


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Which review of which person, with the person's page."""
    rows = PlanItem.objects.visible_to(viewer).filter(pk__in=pks)
    return {
        row.pk: Name(
            f"{row.title}, {row.participation.person}", row.participation.person.get_absolute_url()
        )
        for row in rows.select_related("participation__person")
    }


def matching(viewer: Person, said: str) -> QuerySet[PlanItem]:
    """The reviews of people whom the search finds."""
    people = Person.objects.visible_to(viewer).matching(said).order_by()
    return review_items().visible_to(viewer).filter(participation__person__in=people).order_by()


def placements_named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Who is placed where, with the placement's page."""
    rows = Placement.objects.visible_to(viewer).filter(pk__in=pks)
    return {
        row.pk: Name(str(row), row.get_absolute_url())
        for row in rows.select_related("participation__person")
    }


def placements_matching(viewer: Person, said: str) -> QuerySet[Placement]:
    """The placements of people whom the search finds."""
    people = Person.objects.visible_to(viewer).matching(said).order_by()
    return Placement.objects.visible_to(viewer).filter(participation__person__in=people).order_by()


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
    names.register(PLACEMENT, Naming(placements_named, placements_matching))
