"""A school's own holidays and INSET days, recorded by its leads and by staff."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import ClosedDays, School


@transaction.atomic
def add_closed_days(
    school: School, *, kind: str, starts_on: date, ends_on: date | None, by: Person
) -> ClosedDays:
    """Record closed days; without a last day it is a single day.

    Raises Refused if they break a rule or are recorded already.
    """
    School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    days = ClosedDays(
        school=school,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on or starts_on,
        recorded_by=by,
    )
    try:
        days.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    days.save()
    return days


@transaction.atomic
def take_back_closed_days(days: ClosedDays) -> None:
    """Delete closed days; their history stays."""
    days.delete()
