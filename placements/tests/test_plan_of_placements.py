"""What is counted from the placement falls due once one stands, and moves with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Cohort, PlanItem
from cohorts.operations import plans, templates
from cohorts.tests.factories import (
    make_participation,
    make_staff,
    make_template,
    make_template_item,
)
from placements.operations.placements import activate, end_early, withdraw
from placements.operations.placing import place
from placements.tests.factories import make_checks, make_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening():
    """A post in a cohort whose plan holds one thing: two school days after the placement begins."""
    opening = make_opening()
    template = make_template()
    make_template_item(
        template, "review", requirement="review", anchor="placement_start", unit="school_day",
        offset=2,
    )  # fmt: skip
    templates.publish(template, by=make_staff(), cohorts=[opening.cohort])
    opening.cohort = Cohort.objects.get(pk=opening.cohort_id)
    return opening


@pytest.fixture
def ada(opening):
    ada = make_participation(cohort=opening.cohort)
    plans.lay_out([ada.pk])
    return ada


def due_of(ada):
    return PlanItem.objects.get(participation=ada, key="review").due_on


def test_the_review_has_no_day_until_somebody_is_placed(opening, ada):
    assert due_of(ada) is None
    first_day = timezone.localdate() + timedelta(days=40)

    place(opening, ada, starts_on=first_day, by=make_staff())

    assert first_day < due_of(ada) < first_day + timedelta(days=65)


def test_a_placement_taken_back_takes_the_day_with_it(opening, ada):
    first_day = timezone.localdate() + timedelta(days=40)
    placement = place(opening, ada, starts_on=first_day, by=make_staff())

    withdraw(placement, reason="school", by=make_staff())

    assert due_of(ada) is None


def test_what_counts_from_the_placement_stays_when_it_ends_early_and_another_follows(opening, ada):
    staff, today = make_staff(), timezone.localdate()
    first = place(opening, ada, starts_on=today - timedelta(days=50), by=staff)
    was_due = due_of(ada)
    make_checks(first)
    activate(first)
    end_early(first, last_day=today - timedelta(days=2), reason="school", by=staff)
    again = make_opening(cohort=opening.cohort)

    place(again, ada, starts_on=today - timedelta(days=1), by=staff)

    assert was_due is not None
    assert due_of(ada) == was_due
