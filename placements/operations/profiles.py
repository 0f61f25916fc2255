"""The practical facts of a host, written by the school or staff and confirmed now and then."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import School, SchoolProfile


@transaction.atomic
def write_profile(school: School, *, values: dict[str, Any], by: Person) -> SchoolProfile:
    """Save the given facts, and confirm all of them as of today.

    Raises Refused if nothing would be known about the school.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    profile = SchoolProfile.objects.filter(school=school).first() or SchoolProfile(school=school)
    for name in SchoolProfile.ABOUT:
        if name in values:
            setattr(profile, name, values[name])
    if len(profile.gaps()) == len(SchoolProfile.ABOUT):
        raise Refused("Write down at least one of these.")
    return _confirmed(profile, by)


@transaction.atomic
def confirm_profile(profile: SchoolProfile, *, by: Person) -> SchoolProfile:
    """Confirm that every fact is still true today. Safe to repeat."""
    return _confirmed(SchoolProfile.objects.select_for_update().get(pk=profile.pk), by)


def _confirmed(profile: SchoolProfile, by: Person) -> SchoolProfile:
    profile.confirmed_on, profile.confirmed_by = timezone.localdate(), by
    profile.save()
    return profile
