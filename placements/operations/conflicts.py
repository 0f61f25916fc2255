"""Conflicts of interest: who must not be placed where."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import ConflictOfInterest, School


@transaction.atomic
def note_conflict(
    person: Person, school: School, *, by: Person, note: str = ""
) -> ConflictOfInterest:
    """Record that somebody must not be placed at a school.

    Raises Refused if that is recorded already.
    """
    Person.objects.get_queryset().select_for_update(of=("self",)).get(pk=person.pk)
    if ConflictOfInterest.objects.in_force().filter(person=person, school=school).exists():
        raise Refused(f"A conflict of interest of {person} with {school} is written down already.")
    return ConflictOfInterest.objects.create(
        person=person, school=school, note_private=note, said_by=by
    )


@transaction.atomic
def end_conflict(conflict: ConflictOfInterest, *, by: Person) -> ConflictOfInterest:
    """End a conflict, or withdraw one that never was.

    Repeating it changes nothing; the record stays.
    """
    conflict = ConflictOfInterest.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if conflict.ended_at is None:
        conflict.ended_at, conflict.ended_by = timezone.now(), by
        conflict.save(update_fields=["ended_at", "ended_by"])
    return conflict
