"""The two years on one page: what was done, what is next, what moved, and who may see it."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation, Person, PlanItem
from cohorts.operations.participations import defer, resume, transfer
from cohorts.operations.plans import pin
from cohorts.operations.requirements import Outcome, Source, report_requirement, waive
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_requirement,
    make_staff,
)
from dlp import words
from dlp.home.tests.asking import page, queries, status
from dlp.home.tests.plans import come_along, on_the_plan
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
State = PlanItem.State


@pytest.fixture
def lena() -> Person:
    return make_staff("Lena Hart")


@pytest.fixture
def two_years(percy) -> Participation:
    return Participation.objects.get(person=percy)


def today() -> date:
    return timezone.localdate()


def mine(client, person: Person) -> str:
    return page(client, person, "home:two_years", person.pk)


def met(one: Participation, key: str, source: Source, *, on: date, by: Person | None = None):
    report_requirement(one, key, source=source, state=Outcome.MET, on=on, by=by)


def item_of(one: Participation, requirement: str, **fields) -> PlanItem:
    return make_plan_item(one, requirement, **fields)


def row_of(text: str, item: PlanItem) -> str:
    """The row of the table that tells of an item."""
    return text.split(f'id="item-{item.key}"')[1].split("</tr>")[0]


def test_everything_of_the_plan_stands_with_its_day_its_state_and_who_recorded_it(
    client, percy, two_years, lena
):
    done = item_of(two_years, "dsl-training", due_on=today() - 30 * DAY)
    ahead = item_of(two_years, "final-reflection", due_on=today() + 300 * DAY)
    met(two_years, "dsl-training", Source("review", 1), on=today() - 40 * DAY, by=lena)

    text = mine(client, percy)

    assert "Recorded by Lena Hart on" in row_of(text, done)
    assert ">Met<" in row_of(text, done)
    assert "Due by" in row_of(text, done)
    assert ">Not started<" in row_of(text, ahead)
    assert "1 of 2" in text


def test_an_item_that_rests_on_a_session_is_told_once_at_its_day(client, percy, two_years):
    booking = make_booking(
        make_past(title="Reading fluency"), percy, state="coming", attendance="present"
    )
    item = item_of(two_years, "twilight", due_on=today() + 60 * DAY)
    met(
        two_years,
        "twilight",
        Source("booking", booking.pk),
        on=words.as_day(booking.session.starts_at),
    )

    text = mine(client, percy)

    assert text.count("Reading fluency") == 1
    assert f'href="{booking.session.get_absolute_url()}"' in row_of(text, item)
    assert "Twilight" in row_of(text, item)


def test_what_is_to_repeat_stays_open_beside_the_session_that_was_missed(client, percy, two_years):
    booking = make_booking(
        make_past(title="Reading fluency"), percy, state="coming", attendance="absent"
    )
    item = item_of(two_years, "twilight", due_on=today() + 60 * DAY)
    report_requirement(
        two_years,
        "twilight",
        source=Source("booking", booking.pk),
        state=Outcome.TO_REPEAT,
        on=words.as_day(booking.session.starts_at),
        by=None,
    )

    text = mine(client, percy)

    assert "Reading fluency" not in row_of(text, item)
    assert ">To repeat<" in row_of(text, item)
    assert "Reading fluency" in text


def test_what_was_waived_says_by_whom_and_why(client, percy, two_years, lena):
    item = item_of(two_years, "twilight")
    waive(item, reason="She led one of these herself.", by=lena)

    text = mine(client, percy)

    assert "Waived by Lena Hart on" in row_of(text, item)
    assert "She led one of these herself." in row_of(text, item)


def test_what_is_late_is_said_kindly_and_leads_to_its_row(client, percy, two_years):
    item = item_of(two_years, "inclusion-1", due_on=today() - 12 * DAY)
    item_of(two_years, "inclusion-2", due_on=today() - 12 * DAY, is_optional=True)

    text = mine(client, percy)

    assert "One thing is past its day. Nothing is lost" in " ".join(text.split())
    assert "Next, " not in text
    assert f'href="#item-{item.key}"' in text
    assert f"When you can: {item.title}." in page(client, percy, "home:home")


def test_nothing_is_late_for_somebody_who_is_away(client):
    away = make_participation(state="deferred")
    item_of(away, "inclusion-1", due_on=today() - 5 * DAY)

    text = mine(client, away.person)

    assert "To catch up" not in text
    assert "have been deferred" in text
    assert "when you can" not in text


def test_supervision_is_counted_by_the_year(client, percy, two_years):
    for months in range(1, 7):
        item_of(two_years, "supervision", due_on=two_years.starts_on + months * 50 * DAY)
    for months in range(1, 7):
        item_of(two_years, "supervision", due_on=two_years.starts_on + (370 + months * 50) * DAY)
    for number in range(2):
        met(two_years, "supervision", Source("booking", 900 + number), on=today() - number * DAY)

    text = mine(client, percy)

    assert "Supervision this year</dt><dd>2 of 6</dd>" in text
    assert "2 of 12" in text


def test_what_nobody_can_date_yet_stands_apart(client, percy, two_years):
    item = item_of(two_years, "review-week-6")
    PlanItem.objects.filter(pk=item.pk).update(due_on=None)

    assert "Once the placement begins" in mine(client, percy)


def test_without_a_plan_the_sessions_are_told(client, percy, two_years):
    make_booking(make_past(title="Reading fluency"), percy, state="coming", attendance="present")

    text = mine(client, percy)

    assert "Reading fluency" in text
    assert f"{two_years.cohort} has no plan here" in text


@pytest.mark.parametrize("state", ["accepted", "active", "deferred", "completed", "withdrawn"])
def test_every_stage_has_its_page_with_a_plan_and_without(client, state):
    one = make_participation(state=state)

    assert "Term by term" in mine(client, one.person)

    item_of(one, "supervision", due_on=today() - DAY)
    item_of(one, "inclusion-1", due_on=today() + 40 * DAY)

    assert "Term by term" in mine(client, one.person)


def test_credits_of_a_transfer_say_where_they_come_from(client, percy, two_years, lena):
    make_requirement("dsl-training")
    met(two_years, "dsl-training", Source("review", 1), on=today() - 30 * DAY)
    after = make_cohort("The next cohort", starts_on=today() - 5 * DAY)
    transfer(two_years, to=after, by=lena, on=today())
    new = Participation.objects.get(continues=two_years)
    item_of(new, "dsl-training", due_on=today() + 30 * DAY)
    met(two_years, "dsl-training", Source("review", 2), on=today() - 29 * DAY)

    text = mine(client, percy)

    assert f"One thing that you did in the {two_years.cohort} counts here." in text


def test_staff_read_it_of_anybody_and_others_of_nobody_else(client, percy, two_years, lena, olive):
    item_of(two_years, "inclusion-1", due_on=today() - 12 * DAY)

    text = page(client, lena, "home:two_years", percy.pk)

    assert f"{percy.name}: two years" in text
    assert "in their plan" in text
    assert "write to" not in text
    assert status(client, olive, "home:two_years", percy.pk) == 404
    assert status(client, lena, "home:two_years", make_person("Nobody Here").pk) == 404


def test_home_shows_what_is_due_before_the_next_session_and_leads_to_the_page(
    client, percy, two_years
):
    make_booking(make_session(starts_on=today() + 20 * DAY), percy, state="coming")
    item = item_of(two_years, "inclusion-1", due_on=today() + 9 * DAY)

    text = page(client, percy, "home:home")

    assert "Next, in 9 days" in text
    assert f"/people/{percy.pk}/two-years/#item-{item.key}" in text
    assert "In 3 weeks." in text


def test_home_leaves_what_is_due_later_to_the_page(client, percy, two_years):
    make_booking(make_session(starts_on=today() + 3 * DAY), percy, state="coming")
    item = item_of(two_years, "inclusion-1", due_on=today() + 9 * DAY)

    text = page(client, percy, "home:home")

    assert "Next, in 3 days" in text
    assert f"#item-{item.key}" not in text


def test_a_whole_plan_costs_the_home_no_more_and_the_page_twelve_questions_at_most(
    client, percy, two_years
):
    few = len(queries(client, percy, "home:home"))
    for number in range(40):
        booking = make_booking(make_past(days=number + 2), percy, attendance="present")
        item_of(two_years, f"module-{number}", due_on=today() - number * DAY)
        if number % 2:
            met(two_years, f"module-{number}", Source("booking", booking.pk), on=today())

    assert len(queries(client, percy, "home:home")) == few
    assert len(queries(client, percy, "home:two_years", percy.pk)) <= 12


def test_what_moved_on_a_return_is_said_in_numbers_and_one_by_one(client, lena):
    back = on_the_plan(make_person("Bethan Price"), today() - 100 * DAY, by=lena)
    defer(back, by=lena, reason="career_break", on=today() - 28 * DAY)
    last = back.plan_items.filter(due_on__isnull=False).last()
    pin(last, due_on=last.due_on, by=lena)
    resume(back, by=lena, on=today())

    text = mine(client, back.person)

    moved = r"\w+ dates moved by (about )?28 days when you came back on .*; \w+ stayed\."
    assert re.search(moved, text)
    assert f"<li>{last.title} stayed</li>" in text
    assert f"when they came back on {words.plain_day(today())}" in page(
        client, lena, "home:two_years", back.person.pk
    )


def test_a_whole_plan_stands_term_by_term_with_half_terms(client, lena):
    one = on_the_plan(make_person("Bethan Price"), today() - 450 * DAY, by=lena)
    come_along(one)

    text = mine(client, one.person)

    dated = one.plan_items.filter(due_on__isnull=False)
    assert all(text.count(f'id="item-{item.key}"') == 1 for item in one.plan_items.all())
    assert len(re.findall(r"<h3>(?:Autumn|Spring|Summer) term ", text)) in (6, 7)
    assert "After half-term, from" in text
    assert dated.count() < one.plan_items.count()
    assert "Once the placement begins" in text


def test_somebody_who_left_reads_what_they_did_and_not_what_they_left_undone(client):
    left = make_participation(state="withdrawn")
    done = item_of(left, "dsl-training", due_on=left.starts_on + DAY)
    undone = item_of(left, "final-reflection", due_on=today() + 300 * DAY)
    met(left, "dsl-training", Source("review", 1), on=left.starts_on)

    text = mine(client, left.person)

    assert f'id="item-{done.key}"' in text
    assert f'id="item-{undone.key}"' not in text


def test_supervision_is_counted_in_all_once_the_two_years_are_over(client):
    one = make_participation(state="completed")
    for number in range(12):
        item_of(one, "supervision", due_on=one.starts_on + number * DAY)
    met(one, "supervision", Source("booking", 900), on=one.starts_on)

    assert "<dt>Supervision</dt><dd>1 of 12</dd>" in mine(client, one.person)
