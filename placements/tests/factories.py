"""Schools, agreements, posts and placements for tests: plain rows, no random values."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from cohorts.models import Cohort, Participation, Person
from cohorts.tests.factories import make_cohort, make_participation
from dlp.calendar import years_later
from placements.models import (
    Check,
    Opening,
    Partnership,
    Placement,
    School,
    SchoolContact,
    Setting,
)
from placements.operations.gates import lay_out

_numbers = count(1)


def make_school(name: str = "", **fields: object) -> School:
    """An open AP school with a URN of its own."""
    number = next(_numbers)
    values: dict[str, object] = {
        "urn": 900_000 + number,
        "setting": Setting.ALTERNATIVE_PROVISION,
        "town": "London",
        "postcode": "NW5 1AA",
        **fields,
    }
    return School.objects.create(name=name or f"Harbour Lane School {number}", **values)


def make_contact(
    school: School | None = None, person: Person | None = None, **fields: object
) -> SchoolContact:
    """A host lead; without a person, one who never signs in."""
    name = "" if person else "Marcus Bell"
    values: dict[str, object] = {"name": name, "role": SchoolContact.Role.HOST_LEAD, **fields}
    return SchoolContact.objects.create(school=school or make_school(), person=person, **values)


def make_partnership(school: School | None = None, **fields: object) -> Partnership:
    """An agreement in force since 2020, without an end."""
    values: dict[str, object] = {
        "starts_on": date(2020, 9, 1),
        "state": Partnership.State.ACTIVE,
        **fields,
    }
    return Partnership.objects.create(school=school or make_school(), **values)


def make_opening(
    school: School | None = None, cohort: Cohort | None = None, **fields: object
) -> Opening:
    """One place for an Associate Leader over the cohort's two years, at a partner school."""
    if school is None:
        school = make_school()
        make_partnership(school)
    cohort = cohort or make_cohort()
    values: dict[str, object] = {
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        **fields,
    }
    return Opening.objects.create(school=school, cohort=cohort, **values)


def make_placement(
    participation: Participation | None = None,
    school: School | None = None,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    state: Placement.State = Placement.State.ACTIVE,
    **fields: object,
) -> Placement:
    """Two years less a day from the participation's first day."""
    participation = participation or make_participation()
    school = school or make_school()
    starts_on = starts_on or participation.starts_on
    return Placement.objects.create(
        participation=participation,
        school=school,
        starts_on=starts_on,
        ends_on=ends_on or years_later(starts_on, 2) - timedelta(days=1),
        state=state,
        host_name=school.name,
        host_setting=school.setting,
        **fields,
    )


def make_checks(placement: Placement, *, confirmed: bool = True) -> list[Check]:
    """What its school is asked for, the required ones confirmed by a contact of the school."""
    lay_out(placement)
    if confirmed:
        contact = make_contact(placement.school)
        placement.checks.filter(is_required=True).update(
            confirmed_on=timezone.localdate(),
            contact=contact,
            confirmed_by=placement.participation.person,
        )
    return list(placement.checks.all())
