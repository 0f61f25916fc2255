"""Keeping up through the year: updates that people log, and guidance that they say they read."""

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
    """Write down something that kept somebody's knowledge fresh. Raises Refused for a day to come."""
    if on > timezone.localdate():
        raise Refused("Choose today or an earlier day: it counts once it is done.")
    return KnowledgeUpdate.objects.create(
        person=person, on=on, kind=kind, minutes=minutes, reflection=reflection, recorded_by=by
    )


@transaction.atomic
def take_back_update(update: KnowledgeUpdate) -> None:
    """Take an update out of the sum, as if it had not been logged; its history stays."""
    update.delete()


def acknowledge(person: Person, edition: GuidanceEdition) -> Acknowledgement:
    """Somebody's own word that they read Part One of an edition. Again changes nothing.

    Raises Refused for an edition that is not in force yet.
    """
    if edition.in_force_on > timezone.localdate():
        raise Refused(f"{edition} is not in force yet.")
    said, _ = Acknowledgement.objects.get_or_create(person=person, edition=edition)
    return said
