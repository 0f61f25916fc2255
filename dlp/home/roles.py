"""A person's current roles. They follow from facts; nobody is assigned one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp.prepared import SOMEBODY, Prepared
from placements.models import SchoolContact
from training.models import Booking, Session, SupervisionGroup

STAFF = Person(is_staff=True)
"""Anybody who works here, for what all of them see alike."""


class Roles(NamedTuple):
    """The roles of a person, who may have several."""

    staff: bool
    participant: bool
    school_lead: bool
    supervisor: bool
    facilitator: bool
    is_offered_a_place: bool
    """Whether a place at a session is kept for them, as far as is stored."""


def roles_of(person: Person) -> Roles:
    """Read the roles in one query, and keep them on the person for the rest of the request."""
    if not hasattr(person, "_roles"):
        (facts,) = _question(timezone.localdate()).rows({SOMEBODY: person.pk})
        person._roles = Roles(person.is_staff, *facts)  # type: ignore[attr-defined]
    roles: Roles = person._roles  # type: ignore[attr-defined]
    return roles


def supervises(person: Person) -> bool:
    """Whether this person leads a supervision group today, and so needs a second factor."""
    return roles_of(person).supervisor


@lru_cache(maxsize=2)
def _question(day: date) -> Prepared:
    """The query for this day, prepared once for everybody."""
    whose = OuterRef("pk")
    facts = Person.objects.get_queryset().values_list(
        Exists(Participation.objects.filter(person=whose, state__in=Participation.HELD_STATES)),
        Exists(SchoolContact.objects.signing_in_on(day).filter(person=whose)),
        Exists(SupervisionGroup.objects.current_on(day).filter(supervisor=whose)),
        Exists(Session.objects.published().filter(facilitators=whose)),
        Exists(Booking.objects.filter(person=whose, state=Booking.State.OFFERED)),
    )
    return Prepared(facts.order_by().filter(pk=SOMEBODY))
