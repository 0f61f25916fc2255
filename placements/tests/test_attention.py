"""What waits on the desk about schools and placements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import PlanItem
from cohorts.operations.participations import transfer
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
)
from placements.attention import lines
from placements.models import Placement, School, SchoolName
from placements.operations import reviews
from placements.operations.placements import offer
from placements.operations.placing import propose
from placements.operations.withdrawing import withdraw_opening
from placements.tests.factories import (
    make_checks,
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db


def days(count: int):
    return timezone.localdate() + timedelta(days=count)


def titles(in_days: int = 0) -> list[str]:
    return [line.title for line in lines(make_staff(), days(in_days))]


def test_nothing_waits_where_all_is_in_order():
    opening = make_opening()
    make_contact(opening.school)
    make_placement(make_participation(cohort=opening.cohort), opening.school, opening=opening)

    assert titles() == []


def late_review(name: str, cohort=None, due_on=None) -> PlanItem:
    placement = make_placement(make_participation(make_person(name), cohort), starts_on=days(-90))
    return make_plan_item(placement.participation, "review-week-6", due_on=due_on or days(-15))


def test_a_review_is_overdue_after_a_fortnight():
    late_review("Ada Clarke")
    late_review("Bo Sahin", due_on=days(-14))

    assert titles() == ["Review-week-6 with Ada Clarke is overdue"]


def test_many_overdue_reviews_of_a_cohort_are_one_line():
    cohort = make_cohort()
    for name in ("Ada Clarke", "Bo Sahin", "Cy Okafor", "Di Hart"):
        late_review(name, cohort)

    [line] = lines(make_staff(), timezone.localdate())

    assert line.title == "4 placement reviews are overdue"
    assert line.detail == f"{cohort}: Ada Clarke, Bo Sahin, Cy Okafor and 1 more."


def test_what_a_leader_wants_put_right_in_a_review():
    item = late_review("Ada Clarke")
    placement = item.participation.placements.get()
    said = {"present": "Both", "summary": "Lead the timetable."}
    review = reviews.write(placement, item, held_on=days(-1), **said, by=make_staff())
    assert titles() == []

    reviews.ask_to_put_right(review, query="It was attendance.", by=item.participation.person)

    assert titles() == ["Ada Clarke asks to put a review right"]


@pytest.mark.parametrize(
    ("status", "title"),
    [("closed", "Hill Top closed"), ("closing", "Hill Top is proposed to close")],
)
def test_a_host_that_closes(status, title):
    make_placement(school=make_school("Hill Top", status=status))

    assert titles() == [title]


@pytest.mark.parametrize(
    ("state", "said"), [("withdrawn", "has withdrawn"), ("completed", "has completed")]
)
def test_a_placement_that_goes_on_after_its_leader_left(state, said):
    ada = make_participation(make_person("Ada Clarke"), state=state)
    make_placement(ada, make_school("Hill Top"))

    assert titles() == [f"Ada Clarke {said} and is still placed at Hill Top"]


def test_a_placement_that_is_left_behind_by_a_change_of_cohort():
    ada = make_participation(make_person("Ada Clarke"))
    make_placement(ada, make_school("Hill Top"))
    transfer(ada, by=make_staff(), to=make_cohort(starts_on=timezone.localdate()))

    assert titles() == ["Ada Clarke changed cohort and is still placed at Hill Top"]


def test_a_host_with_another_name_for_a_month():
    school = make_school("The ArtsXchange")
    make_placement(school=school)
    former = SchoolName.objects.create(school=school, name="WAC Arts College", source="gias")
    assert titles() == ["WAC Arts College is now The ArtsXchange"]

    former.added_at = timezone.now() - timedelta(days=40)
    former.save(update_fields=["added_at"])
    assert titles() == []


def test_somebody_about_to_start_without_a_host_lead():
    placement = make_placement(state=Placement.State.CONFIRMED, starts_on=days(11))
    assert titles() == [f"No host lead for {placement.participation.person}"]

    make_contact(placement.school)
    assert titles() == []


def test_an_opening_about_to_start_with_nobody():
    opening = make_opening(make_school("Hill Top"), make_cohort(starts_on=days(60)))
    assert titles() == ["Nobody is placed as Associate Leader at Hill Top"]

    opening.starts_on = days(120)
    opening.save(update_fields=["starts_on"])
    assert titles() == []


def test_leaders_of_a_running_cohort_without_a_placement():
    cohort = make_cohort()
    ada = make_participation(make_person("Ada Fenwick"), cohort)
    assert titles() == ["Ada Fenwick has no placement"]

    make_participation(cohort=cohort)
    assert titles() == ["2 leaders have no placement"]

    make_placement(ada)
    assert len(titles()) == 1


def test_a_partnership_ends_within_ninety_days():
    make_partnership(make_school("Hill Top"), ends_on=days(90))
    make_partnership(make_school("Harbour Lane"), ends_on=days(91))

    assert titles() == ["The partnership with Hill Top ends"]


def test_a_pause_that_outlasts_the_placement():
    placement = make_placement(state=Placement.State.PAUSED, starts_on=days(-60), ends_on=days(-1))
    ada = placement.participation.person

    assert f"{ada} is paused at {placement.host_name}" in titles()


def test_nothing_waits_for_anybody_but_staff():
    make_placement(school=make_school(status=School.Status.CLOSED))

    assert lines(make_person(), timezone.localdate()) == []


def test_lines_belong_to_the_coordinator_of_the_cohort_and_those_about_schools_to_nobody(lena):
    cohort = make_cohort()
    cohort.coordinator = lena
    cohort.save()
    closed, school = make_school(status="closed"), make_school("The ArtsXchange")
    make_placement(make_participation(cohort=cohort), closed)
    make_placement(make_participation(cohort=cohort), state="paused", ends_on=days(-1))
    make_placement(make_participation(cohort=cohort), state="confirmed", starts_on=days(3))
    make_opening(school, cohort, starts_on=days(10))
    make_partnership(school, ends_on=days(20))
    SchoolName.objects.create(school=closed, name="Before", source="gias")

    owners = {line.key.split(":")[0]: line.owners for line in lines(lena, timezone.localdate())}

    assert {kind for kind, owned in owners.items() if owned == ()} == {
        "partnership-ends",
        "school-renamed",
    }
    assert {kind for kind, owned in owners.items() if owned == (lena.pk,)} == {
        "placement-host-closed",
        "placement-host-lead",
        "day-one",
        "placement-paused",
        "opening-empty",
        "cohort-unplaced",
    }


def test_what_stands_before_a_first_day(lena):
    """An offer nobody answers, an opening taken back, and checks that are late."""
    opening = make_opening()
    offered = propose(opening, make_participation(make_person("Bo Sahin"), opening.cohort))
    offer(offered)
    unanswered = f"Bo Sahin and {offered.school}: no answer yet"
    assert unanswered in titles()
    make_contact(offered.school, email="marcus@example.org")
    assert unanswered not in titles()
    assert unanswered in titles(in_days=7)

    withdraw_opening(opening, by_school=True, by=lena)
    assert unanswered not in titles(in_days=7)
    assert f"{offered.school} took an opening back" in titles()
    assert f"{offered.school} took an opening back" not in titles(in_days=14)

    coming = make_placement(
        make_participation(make_person("Ada Clarke")), state="confirmed", starts_on=days(20)
    )
    make_checks(coming, confirmed=False)
    assert "6 checks for Ada Clarke are not confirmed" not in titles(in_days=5)
    assert "6 checks for Ada Clarke are not confirmed" in titles(in_days=6)
    assert f"Ada Clarke cannot begin at {coming.school} yet" in titles(in_days=20)


def test_a_review_that_is_near_where_nobody_leads():
    late_review("Ada Clarke", due_on=days(14))
    assert titles() == ["No host lead for Ada Clarke"]
    PlanItem.objects.update(due_on=days(15))
    assert titles() == []
