"""How long somebody takes to a school, if staff know better than our estimate."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from placements.models import School, TravelTime


@transaction.atomic
def say_minutes(
    person: Person, school: School, *, mode: str, minutes: int | None, by: Person
) -> TravelTime | None:
    """Record the minutes of a journey from their current home; None removes them."""
    if minutes is None:
        TravelTime.objects.filter(person=person, school=school, mode=mode).delete()
        return None
    said, _ = TravelTime.objects.update_or_create(
        person=person,
        school=school,
        mode=mode,
        defaults={
            "minutes": minutes,
            "home_sector": person.home_sector,
            "said_on": timezone.localdate(),
            "said_by": by,
        },
    )
    return said
