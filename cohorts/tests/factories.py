"""Test data: plain functions, no random values."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from cohorts.models import (
    Cohort,
    Completion,
    Participation,
    ParticipationChange,
    Person,
    PlanItem,
    PlanTemplate,
    Requirement,
    TemplateItem,
)
from cohorts.models.cohorts import default_end
from cohorts.operations import participations
from cohorts.permissions import COORDINATOR, PROGRAMME_LEAD

Kind = ParticipationChange.Kind
State = Participation.State

_numbers = count(1)


def make_person(
    full_name: str = "",
    *,
    email: str | None = "",
    trn: str | None = None,
    known_as: str = "",
    is_active: bool = True,
    is_staff: bool = False,
    is_superuser: bool = False,
    phone: str = "",
) -> Person:
    """Somebody with a name and an address of their own; `email=None` for nobody to write to."""
    number = next(_numbers)
    return Person.objects.create_user(
        email=f"person{number}@example.org" if email == "" else email,
        full_name=full_name or f"Person Number{number}",
        known_as=known_as,
        trn=trn,
        phone=phone,
        is_active=is_active,
        is_staff=is_staff,
        is_superuser=is_superuser,
    )


def make_staff(full_name: str = "", *groups: str) -> Person:
    """Programme staff in these groups; a coordinator if none is named."""
    person = make_person(full_name, is_staff=True)
    for name in groups or (COORDINATOR,):
        person.groups.add(Group.objects.get_or_create(name=name)[0])
    return person


def make_cohort(
    name: str = "",
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    target_size: int = 10,
) -> Cohort:
    """Two years less a day; began ninety days ago if nothing is said."""
    first = starts_on or timezone.localdate() - timedelta(days=90)
    return Cohort.objects.create(
        name=name or f"Cohort {next(_numbers)}",
        starts_on=first,
        ends_on=ends_on or default_end(first),
        target_size=target_size,
    )


_WAY_TO = {
    State.OFFERED: [Kind.OFFERED],
    State.ACCEPTED: [Kind.ACCEPTED],
    State.ACTIVE: [Kind.ACCEPTED, Kind.STARTED],
    State.DEFERRED: [Kind.ACCEPTED, Kind.STARTED, Kind.DEFERRED],
    State.COMPLETED: [Kind.ACCEPTED, Kind.STARTED, Kind.COMPLETED],
    State.WITHDRAWN: [Kind.ACCEPTED, Kind.STARTED, Kind.WITHDRAWN],
    State.DECLINED: [Kind.OFFERED, Kind.DECLINED],
}


@transaction.atomic
def make_participation(
    person: Person | None = None,
    cohort: Cohort | None = None,
    *,
    state: str = State.ACTIVE,
    starts_on: date | None = None,
    changed_on: date | None = None,
) -> Participation:
    """Someone's time in a cohort, with the changes that lead to the state.

    The change that brought the state counts from `changed_on`, ten days ago if nothing is said.
    """
    cohort = cohort or make_cohort()
    first = starts_on or cohort.starts_on
    turned = changed_on or max(first, timezone.localdate() - timedelta(days=10))
    ended = {State.COMPLETED: turned, State.WITHDRAWN: turned - timedelta(days=1)}
    participation = Participation.objects.create(
        person=person or make_person(),
        cohort=cohort,
        state=state,
        starts_on=first,
        expected_end_on=cohort.ends_on,
        held_to=ended.get(state),
    )
    way = _WAY_TO[state]
    for place, kind in enumerate(way):
        early = kind in (Kind.OFFERED, Kind.ACCEPTED, Kind.STARTED)
        change = ParticipationChange.objects.create(
            participation=participation,
            kind=kind,
            effective_on=first if early and place < 2 else turned,
            reason="other" if kind in (Kind.DEFERRED, Kind.WITHDRAWN) else "",
        )
        if kind == Kind.COMPLETED:
            Completion.objects.create(change=change, answers=[], met=0, total=0)
    return participation


def complete_all_the_same(
    participation: Participation, *, by: Person | None = None, on: date | None = None
) -> Participation:
    """Somebody completes of whom something may be lacking: a programme lead says why."""
    by = by or make_staff("Nadia Cole", PROGRAMME_LEAD)
    why = "The papers of the time say that they completed it."
    return participations.complete(participation, by=by, on=on, override=why)


def make_requirement(key: str = "", *, name: str = "", position: int = 100) -> Requirement:
    """A requirement with this key, made if nobody has yet."""
    key = key or f"requirement-{next(_numbers)}"
    values = {"name": name or key.capitalize(), "short_name": key[:20], "position": position}
    return Requirement.objects.get_or_create(key=key, defaults=values)[0]


def make_plan_item(
    participation: Participation,
    requirement: str = "module",
    *,
    key: str = "",
    due_on: date | None = None,
    is_optional: bool = False,
    template: PlanTemplate | None = None,
) -> PlanItem:
    """Something of this requirement to do by a day, in a month if nothing is said."""
    return PlanItem.objects.create(
        participation=participation,
        template=template or make_template(),
        key=key or f"item-{next(_numbers)}",
        requirement=make_requirement(requirement),
        title=requirement.capitalize(),
        due_on=due_on or timezone.localdate() + timedelta(days=30),
        is_optional=is_optional,
    )


def make_template(name: str = "") -> PlanTemplate:
    """A draft of a plan, without items."""
    return PlanTemplate.objects.create(name=name or f"Plan {next(_numbers)}")


def make_template_item(
    template: PlanTemplate,
    key: str = "",
    *,
    requirement: str = "module",
    anchor: str = TemplateItem.Anchor.COHORT_START,
    anchor_term: int | None = None,
    offset: int = 0,
    unit: str = TemplateItem.Unit.DAY,
    is_optional: bool = False,
) -> TemplateItem:
    """Something of this requirement, due on the first day if nothing is said."""
    key = key or f"item-{next(_numbers)}"
    return TemplateItem.objects.create(
        template=template,
        key=key,
        requirement=make_requirement(requirement),
        title=key.capitalize(),
        anchor=anchor,
        anchor_term=anchor_term,
        offset=offset,
        unit=unit,
        is_optional=is_optional,
        position=template.items.count(),
    )
