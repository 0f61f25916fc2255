"""Put the demonstration together, in one transaction."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import transaction

from cohorts.models import Cohort, Person
from dlp.embedded.mailbox import Telephone
from dlp.home.demo import cast
from dlp.home.demo.factors import figures_now, give_authenticator
from dlp.home.demo.meetings import add_meetings
from dlp.home.demo.people import add_cohort, add_people
from dlp.home.demo.places import add_places


class SignIn(NamedTuple):
    """Somebody who can sign in to the demonstration."""

    name: str
    email: str
    what: str
    figures: str
    """What their authenticator shows now; empty where they have none."""


def is_here() -> bool:
    """Whether the demonstration has been built in this database."""
    return Person.objects.filter(email=cast.address(cast.STAFF[0].name)).exists()


@transaction.atomic
def build(today: date) -> Cohort:
    """Write the whole demonstration as it stands on this day. The database must hold no people."""
    people = add_people(today)
    for role in (*cast.STAFF, *cast.SUPERVISORS):
        give_authenticator(people[role.name])
    cohort = add_cohort(people, today)
    placed_at = add_places(people, cohort, today)
    add_meetings(people, cohort, placed_at, today)
    return cohort


def sign_ins() -> list[SignIn]:
    """Who can sign in as what; the authenticators' figures are good for half a minute."""
    ada = cast.Role(cast.LEADERS[0].name, "is a leader in her second year")
    school_leads = [role for _, role in cast.SCHOOL_LEADS]
    roles = [*cast.STAFF, ada, *school_leads, *cast.SUPERVISORS, cast.FACILITATOR]
    figures = figures_now([cast.address(role.name) for role in roles])
    return [
        SignIn(role.name, address, role.what, figures.get(address, ""))
        for role in roles
        for address in [cast.address(role.name)]
    ]


def telephones() -> list[Telephone]:
    """The authenticators of everybody here who must have one; none without the demonstration."""
    return [Telephone(row.name, row.figures) for row in sign_ins() if row.figures]
