"""The demonstration's people, and their two years."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group

from cohorts.models import Cohort, Participation, ParticipationChange, Person
from cohorts.models.cohorts import default_end
from dlp.calendar import LONDON
from dlp.home.demo import cast
from dlp.home.demo.diary import cohort_start

People = dict[str, Person]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def add_people(today: date) -> People:
    """Everybody, by name."""
    added = noon(cohort_start(today) - timedelta(days=120))
    roles = [*cast.STAFF, *cast.SUPERVISORS, cast.FACILITATOR, *(r for _, r in cast.SCHOOL_LEADS)]
    rows = [
        *(_person(role.name, added, is_staff=role.is_staff) for role in roles),
        *(_leader(leader, n, added) for n, leader in enumerate(cast.LEADERS)),
    ]
    people = {person.full_name: person for person in Person.objects.bulk_create(rows)}
    for role in cast.STAFF:
        people[role.name].groups.set(Group.objects.filter(name__in=role.groups))
    return people


def _person(name: str, added: datetime, *, is_staff: bool = False) -> Person:
    person = Person(
        full_name=name,
        email=cast.address(name),
        password=UNUSABLE_PASSWORD_PREFIX,
        is_staff=is_staff,
        added_at=added,
        invited_at=added,
        last_login=added + timedelta(days=2),
    )
    person.search_text = person.folded()
    return person


def _leader(leader: cast.Leader, number: int, added: datetime) -> Person:
    person = _person(leader.name, added)
    person.known_as = leader.known_as
    person.pronouns = leader.pronouns
    person.trn = f"{9_000_001 + 137 * number}"
    person.phone = f"020 7946 0{201 + number}"
    person.search_text = person.folded()
    return person


def add_cohort(people: People, today: date) -> Cohort:
    """The cohort, with everybody in it; Dominic has deferred and is expected back."""
    starts_on = cohort_start(today)
    cohort = Cohort.objects.create(
        name=f"{starts_on.year} Cohort",
        starts_on=starts_on,
        ends_on=default_end(starts_on),
        regions=[Cohort.Region.LONDON, Cohort.Region.YORKSHIRE],
        target_size=len(cast.LEADERS),
        coordinator=people["Lena Hart"],
    )
    participations = Participation.objects.bulk_create(
        Participation(
            person=people[leader.name],
            cohort=cohort,
            state=_state(leader),
            starts_on=starts_on,
            expected_end_on=cohort.ends_on,
        )
        for leader in cast.LEADERS
    )
    ParticipationChange.objects.bulk_create(
        change for row in participations for change in _changes(row, people["Lena Hart"], today)
    )
    return cohort


def _state(leader: cast.Leader) -> str:
    deferred = leader.name == "Dominic Achebe"
    return Participation.State.DEFERRED if deferred else Participation.State.ACTIVE


def _changes(row: Participation, by: Person, today: date) -> list[ParticipationChange]:
    kinds = ParticipationChange.Kind
    accepted_on = row.starts_on - timedelta(days=100)
    changes = [
        ParticipationChange(
            participation=row,
            kind=kinds.ACCEPTED,
            effective_on=accepted_on,
            recorded_at=noon(accepted_on),
            by=by,
        ),
        ParticipationChange(
            participation=row,
            kind=kinds.STARTED,
            effective_on=row.starts_on,
            recorded_at=noon(row.starts_on),
            by=by,
        ),
    ]
    if row.state == Participation.State.DEFERRED:
        deferred_on = today - timedelta(days=75)
        changes.append(
            ParticipationChange(
                participation=row,
                kind=kinds.DEFERRED,
                effective_on=deferred_on,
                recorded_at=noon(deferred_on),
                by=by,
                reason=ParticipationChange.Reason.PARENTAL_LEAVE,
                expected_return_on=today + timedelta(days=45),
                review_on=today - timedelta(days=3),
            )
        )
    return changes
