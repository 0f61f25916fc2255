"""Keeping knowledge fresh: updates that people log, and guidance they say they have read."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from training.models import Acknowledgement, GuidanceEdition, KnowledgeUpdate


@transaction.atomic
def log_update(
    person: Person, *, on: date, kind: str, minutes: int, reflection: str, by: Person
) -> KnowledgeUpdate:
    """Log something that kept somebody's knowledge fresh. Raises Refused for a future day."""
    if on > timezone.localdate():
        raise Refused("Choose today or an earlier day: it counts once it is done.")
    return KnowledgeUpdate.objects.create(
        person=person, on=on, kind=kind, minutes=minutes, reflection=reflection, recorded_by=by
    )


@transaction.atomic
def take_back_update(update: KnowledgeUpdate) -> None:
    """Delete a logged update; its history stays."""
    update.delete()


def acknowledge(person: Person, edition: GuidanceEdition) -> Acknowledgement:
    """Record that somebody says they have read Part One of an edition.

    Repeating it changes nothing. Raises Refused for an edition that is not in force yet.
    """
    if edition.in_force_on > timezone.localdate():
        raise Refused(f"{edition} is not in force yet.")
    said, _ = Acknowledgement.objects.get_or_create(person=person, edition=edition)
    return said
