"""Deferrals as a subject of letters: how staff pages name and find them."""

from __future__ import annotations

from collections.abc import Collection

from cohorts.models import Participation, Person
from cohorts.models.participations import ParticipationQuerySet
from cohorts.reminders import SUBJECT
from dlp.outbox import names
from dlp.outbox.names import Name, Naming


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Who takes part in which cohort, with the person's page."""
    rows = Participation.objects.visible_to(viewer).filter(pk__in=pks)
    return {
        row.pk: Name(f"{row.person}, {row.cohort}", row.person.get_absolute_url())
        for row in rows.select_related("person", "cohort")
    }


def matching(viewer: Person, said: str) -> ParticipationQuerySet:
    """Participations of people whom the search finds."""
    people = Person.objects.visible_to(viewer).matching(said).order_by()
    return Participation.objects.visible_to(viewer).filter(person__in=people).order_by()


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
