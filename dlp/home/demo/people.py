"""The demonstration's people, cohorts and participations."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group

from cohorts.default_plan import DEFAULT_PLAN
from cohorts.models import Cohort, Participation, ParticipationChange, Person, PlanTemplate
from dlp.home.demo import cast
from dlp.home.demo.about import tell_about
from dlp.home.demo.clock import noon
from dlp.home.demo.leaders import CohortPlan
from dlp.home.demo.lives import ACCEPTED_AHEAD, DAY, Change, Life
from dlp.home.models import Look

People = dict[str, Person]
Cohorts = dict[int, Cohort]

BEGINNING = date(2018, 9, 3)
"""When recruiting began, and the programme's own people were here."""
ADDED_AHEAD = timedelta(days=120)
SEEN_BEFORE = timedelta(days=3)
"""So long ago everybody looked at their home, so that it tells what changed since."""
SILENT_FOR = timedelta(days=20)


def add_people(told: list[Life], today: date) -> People:
    """Everybody, by name."""
    staff = [role.name for role in cast.STAFF]
    others = [
        *(role.name for role in cast.everybody_at_work() if role.name not in staff),
        cast.FORMER_SUPERVISOR,
        cast.FORMER_FACILITATOR,
    ]
    rows = [
        *(new_person(name, BEGINNING, today, is_staff=True) for name in staff),
        *(new_person(name, BEGINNING, today) for name in others),
        *(_leader(life, number, today) for number, life in enumerate(told)),
        _silent_person(today),
        _written_twice(today),
    ]
    people = {person.full_name: person for person in Person.objects.bulk_create(rows)}
    groups = {group.name: group for group in Group.objects.all()}
    Person.groups.through.objects.bulk_create(
        Person.groups.through(person=people[role.name], group=groups[name])
        for role in cast.STAFF
        for name in role.groups
    )
    return people


def remember_looks(people: People) -> None:
    """Everybody looked at their home when they were here last."""
    Look.objects.bulk_create(
        Look(person=person, looked_at=person.last_login)
        for person in people.values()
        if person.last_login
    )


def new_person(name: str, added_on: date, seen_on: date, *, is_staff: bool = False) -> Person:
    person = Person(
        full_name=name,
        email=cast.address(name),
        password=UNUSABLE_PASSWORD_PREFIX,
        is_staff=is_staff,
        added_at=noon(added_on),
        invited_at=noon(added_on),
        last_login=noon(seen_on - SEEN_BEFORE),
    )
    person.search_text = person.folded()
    return person


def _leader(life: Life, number: int, today: date) -> Person:
    leader, standing = life.leader, life.standing
    added_on = life.changes[0].day - (ADDED_AHEAD - ACCEPTED_AHEAD)
    person = new_person(leader.name, added_on, standing.held_to or today)
    person.known_as = leader.known_as
    person.pronouns = leader.pronouns
    person.trn = f"{9_000_001 + 137 * number}"
    person.phone = f"020 7946 0{201 + number}"
    tell_about(person, number)
    if number == 0:  # an alumnus whose school mailbox has gone
        person.bounced_email = person.email or ""
    person.search_text = person.folded()
    return person


def _silent_person(today: date) -> Person:
    person = new_person(cast.NOT_SIGNED_IN.name, today - SILENT_FOR, today)
    person.last_login = None
    return person


def _written_twice(today: date) -> Person:
    person = new_person(cast.WRITTEN_TWICE, today - SILENT_FOR, today)
    person.email = cast.address(cast.NOT_SIGNED_IN.name).replace(".org", ".com")
    person.invited_at = person.last_login = None
    person.search_text = person.folded()
    return person


def add_cohorts(plans: list[CohortPlan], people: People, regions: dict[int, list[str]]) -> Cohorts:
    """The cohorts, by the year in which they began."""
    colours = list(Cohort.Colour)
    followed = PlanTemplate.objects.latest_of(DEFAULT_PLAN)
    rows = Cohort.objects.bulk_create(
        Cohort(
            name=plan.name,
            is_pioneer=plan.is_pioneer,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            regions=regions[plan.year],
            target_size=len(plan.leaders),
            colour=colours[number % len(colours)],
            coordinator=people[cast.COORDINATOR],
            plan_template=followed,
        )
        for number, plan in enumerate(plans)
    )
    return {plan.year: row for plan, row in zip(plans, rows, strict=True)}


def add_participations(
    told: list[Life], people: People, cohorts: Cohorts, today: date
) -> dict[str, Participation]:
    """Everybody's time in their cohort and what changed it, by name."""
    rows = Participation.objects.bulk_create(
        Participation(
            person=people[life.leader.name],
            cohort=cohorts[life.plan.year],
            state=life.standing.state,
            starts_on=life.standing.starts_on,
            expected_end_on=life.standing.expected_end_on,
            held_to=life.standing.held_to,
        )
        for life in told
    )
    by = dict.fromkeys(ParticipationChange.Kind, people[cast.COORDINATOR])
    by[ParticipationChange.Kind.COMPLETED] = people[cast.PROGRAMME_LEAD]
    ParticipationChange.objects.bulk_create(
        _change(row, change, by[change.kind], today)
        for life, row in zip(told, rows, strict=True)
        for change in life.changes
    )
    return {life.leader.name: row for life, row in zip(told, rows, strict=True)}


def _change(row: Participation, change: Change, by: Person, today: date) -> ParticipationChange:
    return ParticipationChange(
        participation=row,
        kind=change.kind,
        effective_on=change.day,
        recorded_at=noon(min(change.day, today - DAY)),
        by=by,
        reason=change.reason,
        expected_return_on=change.back_on,
        review_on=change.review_on,
    )
