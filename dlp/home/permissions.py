"""May this person do this? Pure questions about the pages over several apps."""

from __future__ import annotations

from cohorts.models import Person


def can_see_desk(person: Person) -> bool:
    """Whether this person works here: the desk and the pages of people, cohorts and schools."""
    return person.is_staff
