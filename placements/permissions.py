"""May this person do this? Pure questions about schools and placements."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from placements.models import Placement, SchoolContact


def can_see_days_out(person: Person, placement: Placement) -> bool:
    """Whether this person sees when the leader is out: a school only until the placement is over."""
    if person.is_staff or placement.participation.person_id == person.pk:
        return True
    return placement.ends_on >= timezone.localdate()


def can_see_history(person: Person) -> bool:
    """Whether this person sees who changed a placement, when and why: staff only (R-PLC-05)."""
    return person.is_staff


def can_write_reviews(person: Person, placement: Placement) -> bool:
    """Whether this person writes down the reviews of a placement: staff who change, and its host leads."""
    if can_change_programme(person):
        return True
    leads = SchoolContact.objects.signing_in_on(timezone.localdate())
    host_leads = leads.filter(role=SchoolContact.Role.HOST_LEAD, school=placement.school_id)
    return not person.is_staff and host_leads.filter(person=person).exists()


def can_tell_of(person: Person, school_id: int) -> bool:
    """Whether this person writes the practical facts of a school: staff who change, and its leads."""
    if person.is_staff:
        return can_change_programme(person)
    leads = SchoolContact.objects.signing_in_on(timezone.localdate())
    return leads.filter(person=person, school=school_id).exists()
