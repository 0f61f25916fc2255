"""May this person do this? Pure questions about schools and placements."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import PROGRAMME_LEAD, can_change_programme, in_group
from placements.models import Opening, Placement, SchoolContact

DECIDING_ROLES = (SchoolContact.Role.HOST_LEAD, SchoolContact.Role.HEAD)
"""Who says yes or no for a school."""


def can_see_days_out(person: Person, placement: Placement) -> bool:
    """Whether this person sees when the leader is out: a school only until the placement is over."""
    if person.is_staff or placement.participation.person_id == person.pk:
        return True
    return placement.ends_on >= timezone.localdate()


def can_see_history(person: Person) -> bool:
    """Whether this person sees who changed a placement, when and why: staff only (R-PLC-05)."""
    return person.is_staff


def can_change_career(person: Person, whose: Person) -> bool:
    """Whether this person may edit a career: their own, or as staff everybody's."""
    return person.pk == whose.pk or can_change_programme(person)


def can_write_reviews(person: Person, placement: Placement) -> bool:
    """Whether this person may write up reviews of a placement: its host leads, and staff."""
    if can_change_programme(person):
        return True
    leads = SchoolContact.objects.signing_in_on(timezone.localdate())
    host_leads = leads.filter(role=SchoolContact.Role.HOST_LEAD, school=placement.school_id)
    return not person.is_staff and host_leads.filter(person=person).exists()


def can_tell_of(person: Person, school_id: int) -> bool:
    """Whether this person may edit the practical facts of a school: its leads, and staff."""
    if person.is_staff:
        return can_change_programme(person)
    leads = SchoolContact.objects.signing_in_on(timezone.localdate())
    return leads.filter(person=person, school=school_id).exists()


def can_override_gates(person: Person) -> bool:
    """Whether this person may let a placement go ahead past a gate (R-SCH-07)."""
    if person.is_superuser and person.is_staff:
        return True
    return in_group(person, PROGRAMME_LEAD)


def can_withdraw_opening(person: Person, opening: Opening) -> bool:
    """Whether this person may withdraw an opening: staff who change, and the school's deciders."""
    if can_change_programme(person):
        return True
    leads = SchoolContact.objects.signing_in_on(timezone.localdate())
    theirs = leads.filter(person=person, school=opening.school_id, role__in=DECIDING_ROLES)
    return not person.is_staff and theirs.exists()


def contact_who_decides(person: Person, placement: Placement) -> SchoolContact | None:
    """The role in which this person decides for a placement's school; None if they do not."""
    return _contact(person, placement, role__in=DECIDING_ROLES)


def contact_who_confirms(person: Person, placement: Placement) -> SchoolContact | None:
    """The role in which this person confirms the school's checks; None if they do not."""
    return _contact(person, placement)


def _contact(person: Person, placement: Placement, **which: Any) -> SchoolContact | None:
    if person.is_staff:
        return None
    signing = SchoolContact.objects.signing_in_on(timezone.localdate())
    theirs = signing.filter(person=person, school=placement.school_id, **which)
    return theirs.select_related("person").order_by("role", "pk").first()
