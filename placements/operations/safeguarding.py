"""Safeguarding roles at schools, recorded by staff as the school reports them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import SafeguardingRole, School


@transaction.atomic
def appoint(
    person: Person, school: School, *, role: str, starts_on: date, by: Person
) -> SafeguardingRole:
    """Record that somebody is safeguarding lead or deputy at a school from a day on.

    It does not depend on training; the desk says if they have none (R-DSL-06). Raises Refused if
    they hold a role there already.
    """
    list(Person.objects.get_queryset().filter(pk=person.pk).select_for_update(of=("self",)))
    theirs = SafeguardingRole.objects.filter(person=person, school=school).not_over_on(starts_on)
    if theirs.exists():
        raise Refused(f"{person} holds a role there already. End that one first.")
    return SafeguardingRole.objects.create(
        person=person, school=school, role=role, starts_on=starts_on, recorded_by=by
    )


@transaction.atomic
def end_role(role: SafeguardingRole, *, ends_on: date) -> SafeguardingRole:
    """End a role after a day.

    Raises Refused for a day before it began.
    """
    role = SafeguardingRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if ends_on < role.starts_on:
        raise Refused("The last day cannot be before the first day.")
    role.ends_on = ends_on
    role.save(update_fields=["ends_on"])
    return role
