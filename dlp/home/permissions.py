"""May this person do this? Pure questions about the pages over several apps."""

from __future__ import annotations

from cohorts.models import Person
from cohorts.permissions import can_manage_staff


def can_see_desk(person: Person) -> bool:
    """Whether this person is staff: for the desk and the pages of people, cohorts and schools."""
    return person.is_staff


def can_see_two_years(viewer: Person, person: Person) -> bool:
    """Whether somebody may see a person's two years: staff, and the person themselves."""
    return can_see_desk(viewer) or viewer.pk == person.pk


def can_set_cover_of_anybody(person: Person) -> bool:
    """Whether this person may set other people's covers; all staff may set who covers them."""
    return can_manage_staff(person)


def can_end_cover_of(person: Person, away: Person) -> bool:
    return person.is_staff and (person.pk == away.pk or can_set_cover_of_anybody(person))
