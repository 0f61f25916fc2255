"""Somebody with the whole plan that the product comes with, and what they have done of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from cohorts.models import Participation, Person, PlanItem
from cohorts.operations.cohorts import add_cohort
from cohorts.operations.participations import add_to_cohort
from cohorts.operations.requirements import Outcome, Report, Source, report_requirements
from training.models import Kind
from training.tests.factories import make_booking, make_session

KINDS = {
    "inclusion": Kind.TRAINING_DAY,
    "dsl-training": Kind.DSL_TRAINING,
    "residential": Kind.RESIDENTIAL,
    "supervision": Kind.SUPERVISION,
    "twilight": Kind.TWILIGHT,
}
"""The kinds of session at which requirements are met, by how their keys begin."""
MISSED = "inclusion-2"


def on_the_plan(person: Person, starts_on: date, *, by: Person) -> Participation:
    """Somebody in a new cohort, which follows the shipped plan."""
    cohort = add_cohort(name="A cohort with a plan", starts_on=starts_on)
    return add_to_cohort(person, cohort, by=by)


def come_along(one: Participation) -> None:
    """All that is behind was met but for one module, and the sessions of the next month are booked."""
    today = timezone.localdate()
    items = PlanItem.objects.filter(participation=one, due_on__lt=today + timedelta(days=30))
    report_requirements(_reports(items.exclude(key=MISSED).select_related("requirement"), today))


def _reports(items: Iterator[PlanItem], today: date) -> Iterator[Report]:
    for item in items:
        key, day = item.requirement.key, item.due_on
        kind = next((kind for stem, kind in KINDS.items() if key.startswith(stem)), None)
        is_over = day < today
        if kind:
            title = f"{item.title}: what we learned about families"
            session = make_session(title, kind=kind, starts_on=day, mode="online")
            attendance = "present" if is_over else ""
            booking = make_booking(
                session, item.participation.person, state="coming", attendance=attendance
            )
            source = Source("booking", booking.pk)
        else:
            source = Source("review", item.pk)
        if kind or is_over:
            outcome = Outcome.MET if is_over else Outcome.BOOKED
            yield Report(item.participation_id, key, source, outcome, day, None)
