"""May this person do this? Pure questions about schools and placements."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from placements.models import Placement


def can_see_days_out(person: Person, placement: Placement) -> bool:
    """Whether this person sees when the leader is out: a school only until the placement is over."""
    if person.is_staff or placement.participation.person_id == person.pk:
        return True
    return placement.ends_on >= timezone.localdate()


def can_see_history(person: Person) -> bool:
    """Whether this person sees who changed a placement, when and why: staff only (R-PLC-05)."""
    return person.is_staff
