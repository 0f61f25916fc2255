"""May this person do this? Pure questions about people and cohorts."""

from __future__ import annotations

from cohorts.models import Person

PROGRAMME_LEAD = "Programme lead"
COORDINATOR = "Coordinator"
SAFEGUARDING_LEAD = "Safeguarding lead"
DATA_PROTECTION_LEAD = "Data protection lead"
READ_ONLY = "Read only"


def is_staff(person: Person) -> bool:
    """Whether this person works for the programme, and so needs a second factor."""
    return person.is_staff


def in_group(person: Person, *names: str) -> bool:
    """Whether a member of staff is in one of these groups.

    The user of a request comes with their group names (`dlp.signin.backends`); for others it costs
    one query, then none.
    """
    if not person.is_staff:
        return False
    if not hasattr(person, "group_names"):
        person.group_names = list(person.groups.values_list("name", flat=True))  # type: ignore[attr-defined]
    return not set(names).isdisjoint(person.group_names)  # type: ignore[attr-defined]


def can_change_programme(person: Person) -> bool:
    """Whether this person may change people, cohorts, schools, placements and sessions."""
    if person.is_superuser and person.is_staff:
        return True
    return in_group(person, PROGRAMME_LEAD, COORDINATOR)


def can_manage_staff(person: Person) -> bool:
    """Whether this person may say who is staff, and change how staff sign in."""
    if person.is_superuser and person.is_staff:
        return True
    return in_group(person, PROGRAMME_LEAD)


def can_merge(person: Person) -> bool:
    """Whether this person may merge two records of somebody, which cannot be undone."""
    return can_manage_staff(person)


def can_read_reasons(person: Person) -> bool:
    """Whether this person may read why somebody deferred or left: special category, two roles only."""
    return in_group(person, PROGRAMME_LEAD, SAFEGUARDING_LEAD)


def can_override_completion(person: Person) -> bool:
    """Whether this person may record a completion although a criterion is not met (R-PRG-05)."""
    if person.is_superuser and person.is_staff:
        return True
    return in_group(person, PROGRAMME_LEAD)


def can_take_numbers_away(person: Person) -> bool:
    """Whether this person's exports contain teacher reference numbers (R-PRG-07)."""
    return can_change_programme(person) or in_group(person, DATA_PROTECTION_LEAD)
