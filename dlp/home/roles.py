"""What a person is to the programme today. Roles follow from facts; nobody is given one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cohorts.models import Participation, Person
from placements.models import SchoolContact
from training.models import Session, SupervisionGroup


class Roles(NamedTuple):
    """A person may be several at once."""

    staff: bool
    participant: bool
    school_lead: bool
    supervisor: bool
    facilitator: bool


def roles_of(person: Person) -> Roles:
    """Look the facts up in one query and keep them with the person for the rest of the request."""
    if not hasattr(person, "_roles"):
        sql, values = _question(timezone.localdate())
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, person.pk])
            facts = cursor.fetchone()
        person._roles = Roles(person.is_staff, *facts)  # type: ignore[attr-defined]
    roles: Roles = person._roles  # type: ignore[attr-defined]
    return roles


@lru_cache(maxsize=2)
def _question(day: date) -> tuple[str, tuple[Any, ...]]:
    """What is asked of anybody on this day, and every value but the last, which is their number.

    Put together once a day and process, since that is most of the work.
    """
    whose = OuterRef("pk")
    facts = Person.objects.get_queryset().values_list(
        Exists(Participation.objects.filter(person=whose, state__in=Participation.HELD_STATES)),
        Exists(SchoolContact.objects.signing_in_on(day).filter(person=whose)),
        Exists(SupervisionGroup.objects.current_on(day).filter(supervisor=whose)),
        Exists(Session.objects.published().filter(facilitators=whose)),
    )
    sql, (*values, _) = facts.order_by().filter(pk=0).query.sql_with_params()
    return sql, tuple(values)
