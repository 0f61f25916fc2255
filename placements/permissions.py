"""May this person do this? Pure questions about schools and placements."""

from __future__ import annotations

from cohorts.models import Person


def can_see_history(person: Person) -> bool:
    """Whether this person sees who changed a placement, when and why: staff only (R-PLC-05)."""
    return person.is_staff
