"""What a person is to the programme today. Roles follow from facts; nobody is given one."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists
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
        today = timezone.localdate()
        participations = Participation.objects.filter(
            person=person, state__in=Participation.HELD_STATES
        )
        facts = (
            Person.objects.filter(pk=person.pk)
            .values_list(
                Exists(participations),
                Exists(SchoolContact.objects.signing_in_on(today).filter(person=person)),
                Exists(SupervisionGroup.objects.current_on(today).filter(supervisor=person)),
                Exists(Session.objects.published().filter(facilitators=person)),
            )
            .get()
        )
        person._roles = Roles(person.is_staff, *facts)  # type: ignore[attr-defined]
    roles: Roles = person._roles  # type: ignore[attr-defined]
    return roles
