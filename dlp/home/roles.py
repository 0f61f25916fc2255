"""What a person is to the programme today. Roles follow from facts; nobody is given one."""

from __future__ import annotations

from typing import NamedTuple

from cohorts.models import Person
from cohorts.permissions import is_participant
from placements.permissions import is_school_lead
from training.permissions import is_facilitator, is_supervisor


class Roles(NamedTuple):
    """A person may be several at once."""

    staff: bool
    participant: bool
    school_lead: bool
    supervisor: bool
    facilitator: bool


def roles_of(person: Person) -> Roles:
    """Look the facts up once and keep them with the person for the rest of the request."""
    if not hasattr(person, "_roles"):
        person._roles = Roles(  # type: ignore[attr-defined]
            staff=person.is_staff,
            participant=is_participant(person),
            school_lead=is_school_lead(person),
            supervisor=is_supervisor(person),
            facilitator=is_facilitator(person),
        )
    roles: Roles = person._roles  # type: ignore[attr-defined]
    return roles
