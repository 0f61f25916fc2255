"""Put the demonstration together, in one transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort, Person
from cohorts.operations.duplicates import compare_everybody
from dlp.embedded.mailbox import Telephone
from dlp.home.demo import cast
from dlp.home.demo.beginnings import offer_again
from dlp.home.demo.coming import bring_in_the_next
from dlp.home.demo.completions import keep_completions
from dlp.home.demo.factors import figures_now, give_authenticator
from dlp.home.demo.history import write_history
from dlp.home.demo.hosts import tell_of_hosts
from dlp.home.demo.leaders import cohort_plans
from dlp.home.demo.letters import write_letters
from dlp.home.demo.lives import lives
from dlp.home.demo.mailing import write_to_former_leaders
from dlp.home.demo.meetings import add_meetings
from dlp.home.demo.people import add_cohorts, add_participations, add_people, remember_looks
from dlp.home.demo.places import (
    add_careers,
    bring_in_schools,
    make_partners,
    offer_posts,
    place,
    regions,
)
from dlp.home.demo.plans import add_plans
from dlp.home.demo.safeguarding import add_safeguarding
from dlp.home.demo.statistics import gather_statistics
from dlp.home.demo.twilights import add_twilights
from placements.models import Placement

ALUMNA = "Ada Fenwick"


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
def build(today: date) -> list[Cohort]:
    """Write the whole demonstration as it stands on this day. The database must hold no people."""
    plans = cohort_plans(today)
    told = lives(today)
    people = add_people(told, today)
    for role in (*cast.STAFF, *cast.SUPERVISORS):
        give_authenticator(people[role.name])
    hosts = bring_in_schools(told, today)
    cohorts = add_cohorts(plans, people, regions(told, hosts))
    times = add_participations(told, people, cohorts, today)
    make_partners(told, hosts, people, today)
    placed = place(told, hosts, people, cohorts, times, today)
    still_open = offer_posts(plans[-1], hosts, cohorts)
    placed += offer_again(told, still_open, times, people[cast.COORDINATOR], today)
    add_careers(told, people, today)
    held = add_meetings(told, plans, hosts, people, cohorts, today)
    held.append(add_twilights(told, held, people, today))
    add_safeguarding(told, held, people, today)
    tell_of_hosts(hosts, people, today)
    gather_statistics()
    add_plans(told, times, people[cast.COORDINATOR], today)
    keep_completions(people, today)
    write_letters(held, today)
    write_to_former_leaders(cohorts[plans[0].year], people[cast.COORDINATOR], today)
    write_history(told, times, placed, held, today)
    bring_in_the_next(hosts, people, cohorts, today)
    remember_looks(people)
    compare_everybody()
    gather_statistics()
    return list(cohorts.values())


def sign_ins() -> list[SignIn]:
    """Who can sign in, and as what; the authenticators' codes are valid for half a minute."""
    roles = [
        *cast.STAFF,
        *_second_year_leader(),
        cast.Role(ALUMNA, "was in the Pioneer Cohort"),
        *(role for role in cast.everybody_at_work() if role not in cast.STAFF),
    ]
    figures = figures_now([cast.address(role.name) for role in roles])
    return [
        SignIn(role.name, address, role.what, figures.get(address, ""))
        for role in roles
        for address in [cast.address(role.name)]
    ]


def _second_year_leader() -> list[cast.Role]:
    """Who is in the second year at The ArtsXchange today; nobody, once the demonstration is old."""
    today = timezone.localdate()
    placed = (
        Placement.objects.held_on(today)
        .filter(school__urn=cast.ARTSXCHANGE, starts_on__lte=today - timedelta(days=365))
        .select_related("participation__person")
        .order_by("-starts_on")
    )
    return [
        cast.Role(one.participation.person.full_name, "is a leader in the second year")
        for one in placed[:1]
    ]


def telephones() -> list[Telephone]:
    """The authenticators of everybody who must have one; none without the demonstration."""
    return [Telephone(row.name, row.figures) for row in sign_ins() if row.figures]
