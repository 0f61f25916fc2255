"""May this person do this? Pure questions about schools and placements."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from placements.models import SchoolContact


def is_school_lead(person: Person) -> bool:
    """Whether this person has a role at a school today and so signs in for it."""
    return SchoolContact.objects.signing_in_on(timezone.localdate()).filter(person=person).exists()


def can_see_history(person: Person) -> bool:
    """Whether this person sees who changed a placement, when and why: staff only (R-PLC-05)."""
    return person.is_staff
