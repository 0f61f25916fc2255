"""What other apps report of requirements, what staff excuse, and how everybody stands then."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cohorts.models import Participation, PlanItem, Requirement, RequirementAttempt
from cohorts.operations import requirements as operations
from cohorts.operations.requirements import Report, Source, report_requirement, report_requirements
from cohorts.planning.progress import progress_of, totals_of
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_plan_item,
    make_requirement,
    make_staff,
    make_template,
)
from dlp.errors import Refused

State = PlanItem.State
Outcome = RequirementAttempt.State
TODAY = date(2026, 11, 23)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def lena():
    return make_staff("Lena Hart")


@pytest.fixture
def ada():
    return make_participation()


@pytest.fixture
def supervision(ada):
    """Three meetings to come to, a month apart, the first of them six days ago."""
    return [
        make_plan_item(ada, "supervision", key=f"supervision-{number}", due_on=due_on)
        for number, due_on in enumerate([date(2026, 11, 17), date(2026, 12, 17), date(2027, 1, 17)])
    ]


def report(participation, state, *, number=1, on=TODAY, by=None, key="supervision"):
    source = Source("booking", number)
    report_requirement(participation, key, source=source, state=state, on=on, by=by)


def states(items):
    return [PlanItem.objects.get(pk=item.pk).state for item in items]


def test_what_is_reported_fills_the_items_in_the_order_of_their_days(ada, supervision, lena):
    report(ada, Outcome.BOOKED, number=2, on=date(2026, 12, 15))
    report(ada, Outcome.MET, number=1, on=date(2026, 11, 16), by=lena)

    assert states(supervision) == [State.MET, State.BOOKED, State.NOT_STARTED]
    first = PlanItem.objects.for_display().get(pk=supervision[0].pk)
    assert (first.attempt.reported_by, first.attempt.on) == (lena, date(2026, 11, 16))


def test_the_same_report_again_changes_nothing(ada, supervision, lena):
    report(ada, Outcome.MET, by=lena)
    before = list(RequirementAttempt.objects.values())

    report(ada, Outcome.MET, by=lena)

    assert list(RequirementAttempt.objects.values()) == before


def test_a_go_that_no_longer_counts_leaves_the_item_as_if_nothing_had_been(ada, supervision):
    report(ada, Outcome.BOOKED)

    report(ada, Outcome.NOT_COUNTED)

    assert states(supervision) == [State.NOT_STARTED] * 3


def test_taking_back_what_nobody_reported_leaves_no_trace(ada, supervision):
    report(ada, Outcome.NOT_COUNTED)

    assert not RequirementAttempt.objects.exists()


def test_a_key_that_no_requirement_has_is_a_mistake_of_the_caller(ada):
    with pytest.raises(LookupError, match="juggling"):
        report(ada, Outcome.MET, key="juggling")


def test_a_report_about_somebody_without_a_plan_counts_once_they_have_one(ada):
    make_requirement("supervision")
    report(ada, Outcome.MET)

    item = make_plan_item(ada, "supervision")
    report(ada, Outcome.BOOKED, number=2)

    assert states([item]) == [State.MET]


def test_credits_go_along_with_a_transfer(ada, supervision):
    again = make_cohort()
    ada_again = Participation.objects.create(
        person=ada.person,
        cohort=again,
        continues=ada,
        state=Participation.State.OFFERED,
        starts_on=again.starts_on,
        expected_end_on=again.ends_on,
    )
    item = make_plan_item(ada_again, "supervision")

    report(ada, Outcome.MET)

    assert states([item]) == [State.MET]


def test_a_waived_item_says_why_and_who_and_the_next_takes_its_place(ada, supervision, lena):
    report(ada, Outcome.BOOKED)

    waived = operations.waive(supervision[0], reason="  She led the group\nherself. ", by=lena)

    assert (waived.state, waived.excuse, waived.excused_by) == (
        State.WAIVED,
        "She led the group herself.",
        lena,
    )
    assert states(supervision) == [State.WAIVED, State.BOOKED, State.NOT_STARTED]


def test_an_excuse_taken_back_asks_again(ada, supervision, lena):
    report(ada, Outcome.BOOKED)
    item = operations.mark_not_applicable(supervision[0], reason="No group near her yet", by=lena)

    back = operations.take_back_excuse(item)

    assert (back.state, back.excuse, back.excused_at) == (State.BOOKED, "", None)
    with pytest.raises(Refused, match="was not waived"):
        operations.take_back_excuse(back)


def test_an_excuse_needs_a_few_words(supervision, lena):
    with pytest.raises(Refused, match="in a few words why"):
        operations.waive(supervision[0], reason="ok", by=lena)


def test_what_is_met_is_not_waived(ada, supervision, lena):
    report(ada, Outcome.MET)

    with pytest.raises(Refused, match="met already"):
        operations.waive(supervision[0], reason="She did it elsewhere", by=lena)


def test_reports_about_a_hundred_people_take_as_many_queries_as_about_two():
    everybody = [make_participation() for _ in range(100)]
    template = make_template()
    for one in everybody:
        make_plan_item(one, "supervision", template=template)
    reports = [
        Report(one.pk, "supervision", Source("booking", one.pk), Outcome.MET, TODAY, None)
        for one in everybody
    ]

    with CaptureQueriesContext(connection) as few:
        assert report_requirements(reports[:2]) == 2
    with CaptureQueriesContext(connection) as many:
        assert report_requirements(reports) == 98

    assert len(many) == len(few) <= 12
    assert set(PlanItem.objects.values_list("state", flat=True)) == {State.MET}


def test_progress_says_how_far_what_next_and_what_it_rests_on(ada, supervision):
    report(ada, Outcome.TO_REPEAT, number=7, on=date(2026, 11, 16))

    shown = progress_of([ada.pk], TODAY)[ada.pk]["supervision"]

    assert (shown.state, shown.done, shown.of) == (State.TO_REPEAT, 0, 3)
    assert (shown.due_on, shown.overdue_days) == (date(2026, 11, 17), 6)
    assert RequirementAttempt.objects.get(pk=shown.attempt).source_id == 7
    assert not shown.is_done


def test_progress_leaves_out_what_is_not_applicable_and_what_is_optional(ada, supervision, lena):
    make_plan_item(ada, "supervision", is_optional=True, due_on=date(2027, 2, 1))
    operations.mark_not_applicable(supervision[2], reason="Her group ends before", by=lena)
    report(ada, Outcome.MET, number=1, on=TODAY - timedelta(days=20))
    report(ada, Outcome.MET, number=2, on=TODAY - timedelta(days=10))

    shown = progress_of([ada.pk], TODAY)[ada.pk]["supervision"]

    assert (shown.state, shown.done, shown.of, shown.is_done) == (State.MET, 2, 2, True)
    rests_on = RequirementAttempt.objects.get(pk=shown.attempt)
    assert (shown.due_on, rests_on.on) == (None, TODAY - timedelta(days=10))


def test_totals_are_the_sums_of_the_progress(ada, supervision, lena):
    modules = [make_plan_item(ada, f"module-{number}") for number in range(4)]
    make_plan_item(ada, "twilight", is_optional=True)
    operations.mark_not_applicable(modules[0], reason="She came in spring", by=lena)
    operations.waive(modules[1], reason="Done at another school", by=lena)
    report(ada, Outcome.MET, key="module-2")
    report(ada, Outcome.TO_REPEAT, number=2)

    totals = totals_of([ada.pk, make_participation().pk], TODAY)
    parts = progress_of([ada.pk], TODAY)[ada.pk].values()

    assert list(totals) == [ada.pk]
    assert totals[ada.pk].done == sum(one.done for one in parts) == 2
    assert totals[ada.pk].of == sum(one.of for one in parts) == 6
    assert totals[ada.pk].overdue == sum(one.overdue_days > 0 for one in parts) == 1


def test_progress_of_any_number_of_people_is_one_query(django_assert_num_queries):
    everybody = [make_participation() for _ in range(5)]
    for one in everybody[:3]:
        make_plan_item(one, "module")

    with django_assert_num_queries(1):
        found = progress_of([one.pk for one in everybody], TODAY)

    assert set(found) == {one.pk for one in everybody[:3]}


def test_the_key_of_a_requirement_never_changes():
    requirement = make_requirement("supervision")
    requirement.key = "oversight"

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        requirement.save()


def test_a_retired_requirement_stays_met(ada, supervision):
    report(ada, Outcome.MET)

    Requirement.objects.filter(key="supervision").update(retired_on=TODAY)

    assert states(supervision[:1]) == [State.MET]
    assert not Requirement.objects.asked_for().filter(key="supervision").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.WAIVED},
        {"excuse": "Because"},
        {"state": State.MET},
        {"is_pinned": True, "due_on": None},
    ],
)
def test_the_database_holds_no_half_told_item(supervision, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanItem.objects.filter(pk=supervision[0].pk).update(**wrong)
