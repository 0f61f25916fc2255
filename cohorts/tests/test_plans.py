"""Everybody's own plan: made, moved, offered anew, and set by hand."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cohorts.default_plan import ASKED, DEFAULT_PLAN, ensure_defaults
from cohorts.models import Cohort, PlanItem, PlanTemplate, RequirementAttempt, TemplateItem
from cohorts.operations import participations, plans, requirements, templates
from cohorts.operations.cohorts import add_cohort, edit_cohort
from cohorts.operations.requirements import Source, report_requirement
from cohorts.planning.versions import tally
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_staff,
    make_template,
    make_template_item,
)
from dlp.errors import Refused

State = PlanItem.State
Unit = TemplateItem.Unit
SEPTEMBER = date(2026, 9, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def lena():
    return make_staff("Lena Hart")


@pytest.fixture
def plan(lena):
    """Four things to do, published: one past, three ahead."""
    template = make_template("Two things a term")
    for key, weeks in {"early": 4, "winter": 14, "spring": 30, "summer": 45}.items():
        make_template_item(template, key, requirement="module", offset=weeks, unit=Unit.WEEK)
    return templates.publish(template, by=lena)


@pytest.fixture
def cohort(plan):
    cohort = make_cohort("2026 Cohort", starts_on=SEPTEMBER)
    Cohort.objects.filter(pk=cohort.pk).update(plan_template=plan)
    cohort.refresh_from_db()
    return cohort


@pytest.fixture
def ada(cohort, lena):
    return participations.add_to_cohort(make_person("Ada Fenwick"), cohort, by=lena)


def days(participation):
    return dict(PlanItem.objects.filter(participation=participation).values_list("key", "due_on"))


def item_of(participation, key):
    return PlanItem.objects.get(participation=participation, key=key)


def meet(participation, number=1, on=date(2026, 9, 20)):
    report_requirement(
        participation,
        "module",
        source=Source("booking", number),
        state=RequirementAttempt.State.MET,
        on=on,
        by=None,
    )


def test_whoever_joins_a_cohort_gets_a_plan_of_their_own(ada):
    assert days(ada) == {
        "early": date(2026, 9, 29),
        "winter": date(2026, 12, 8),
        "spring": date(2027, 3, 30),
        "summer": date(2027, 7, 13),
    }


def test_to_lay_out_again_changes_nothing(ada):
    assert plans.lay_out([ada.pk]) == 0
    assert PlanItem.objects.count() == 4


def test_a_cohort_without_a_plan_gives_none(lena):
    joined = participations.add_to_cohort(make_person(), make_cohort(), by=lena)

    assert days(joined) == {}


def test_an_offer_of_a_place_makes_no_plan_until_it_is_accepted(cohort, lena):
    offered = participations.offer(make_person(), cohort, by=lena)
    assert days(offered) == {}

    participations.accept(offered, by=lena)

    assert len(days(offered)) == 4


def test_a_deferral_moves_what_lies_ahead_by_its_days(ada, lena):
    meet(ada)
    participations.defer(ada, by=lena, reason="career_break", on=date(2026, 11, 2))
    before = days(ada)

    participations.resume(ada, by=lena, on=date(2026, 11, 23))

    moved = days(ada)
    assert moved.pop("early") == before.pop("early")
    assert moved == {key: day + timedelta(days=21) for key, day in before.items()}


def test_a_return_undone_puts_the_days_back(ada, lena):
    participations.defer(ada, by=lena, reason="career_break", on=date(2026, 11, 2))
    before = days(ada)
    participations.resume(ada, by=lena, on=date(2026, 11, 23))

    participations.undo(ada.changes.get(kind="resumed"), by=lena)

    assert days(ada) == before


def test_a_transfer_keeps_the_credits_and_counts_from_the_new_cohort(ada, plan, lena):
    meet(ada)
    later = make_cohort("January Cohort", starts_on=date(2026, 11, 2))
    Cohort.objects.filter(pk=later.pk).update(plan_template=plan)

    participations.transfer(ada, to=later, by=lena, on=date(2026, 11, 23))

    new = ada.person.participations.get(cohort=later)
    assert item_of(new, "early").state == State.MET
    assert days(new)["winter"] == date(2027, 2, 8)


def test_plans_count_from_the_day_on_which_each_began_even_if_the_cohort_moves(ada, cohort, lena):
    week_later = SEPTEMBER + timedelta(days=7)
    cohort = edit_cohort(cohort, starts_on=week_later, ends_on=cohort.ends_on)

    assert days(ada)["winter"] == date(2026, 12, 8)  # Ada began on 1 September all the same
    new = participations.add_to_cohort(make_person(), cohort, by=lena)
    assert days(new)["winter"] == date(2026, 12, 15)


def test_a_day_set_by_hand_stays_until_it_is_let_go(ada, lena):
    pinned = plans.pin(item_of(ada, "spring"), due_on=date(2027, 4, 21), by=lena)
    participations.defer(ada, by=lena, reason="career_break", on=date(2026, 11, 2))
    participations.resume(ada, by=lena, on=date(2026, 11, 23))
    assert days(ada)["spring"] == date(2027, 4, 21)

    plans.unpin(pinned)

    assert days(ada)["spring"] == date(2027, 4, 20)
    with pytest.raises(Refused, match="not set by hand"):
        plans.unpin(pinned)


def test_a_day_of_another_decade_is_refused(ada, lena):
    with pytest.raises(Refused, match="Check the year"):
        plans.pin(item_of(ada, "spring"), due_on=date(2072, 4, 21), by=lena)


def next_version(plan, lena):
    """Moves winter and spring, drops summer, adds a new one, words early anew."""
    draft = templates.begin_next_version(plan)
    items = {item.key: item for item in draft.items.all()}
    templates.change_item(items["early"], offset=5)
    templates.change_item(items["winter"], offset=16)
    templates.change_item(items["spring"], offset=28)
    templates.remove_item(items["summer"])
    make_template_item(draft, "last", requirement="module", offset=60, unit=Unit.WEEK)
    return templates.publish(draft, by=lena)


def snapshot(cohort):
    rows = PlanItem.objects.filter(participation__cohort=cohort)
    return {(row.participation_id, row.key): (row.due_on, row.template_id) for row in rows}


def test_what_a_new_version_would_do_is_told_first_and_done_as_told(ada, cohort, plan, lena):
    eve = participations.add_to_cohort(make_person(), cohort, by=lena)
    meet(ada)
    plans.pin(item_of(ada, "spring"), due_on=date(2027, 4, 21), by=lena)
    plans.pin(item_of(eve, "summer"), due_on=date(2027, 7, 1), by=lena)
    new = next_version(plan, lena)
    before = snapshot(cohort)

    told = tally(plans.offer(cohort, new).values())
    assert snapshot(cohort) == before
    done = plans.take_up(cohort, new, told=told)

    after = snapshot(cohort)
    both = before.keys() & after.keys()
    assert done == told
    assert (told.moved, told.pinned, told.settled) == (4, 1, 1)
    assert (told.added, told.dropped, told.kept) == (2, 1, 1)
    assert len(after.keys() - before.keys()) == told.added
    assert len(before.keys() - after.keys()) == told.dropped
    assert sum(before[key][0] != after[key][0] for key in both) == told.moved
    assert item_of(ada, "early").due_on == date(2026, 9, 29)
    assert days(ada)["spring"] == date(2027, 4, 21)
    cohort.refresh_from_db()
    assert cohort.plan_template == new


def test_a_new_version_is_never_forced(ada, plan, lena):
    before = days(ada)

    next_version(plan, lena)

    assert days(ada) == before


def test_a_plan_that_moved_since_somebody_looked_is_not_taken_up(ada, cohort, plan, lena):
    new = next_version(plan, lena)
    told = tally(plans.offer(cohort, new).values())
    plans.pin(item_of(ada, "spring"), due_on=date(2027, 4, 21), by=lena)

    with pytest.raises(Refused, match="Look again"):
        plans.take_up(cohort, new, told=told)


def test_a_draft_is_not_taken_up(cohort, plan):
    draft = templates.begin_next_version(plan)

    with pytest.raises(Refused, match="Publish it first"):
        plans.take_up(cohort, draft)


def test_what_a_published_plan_holds_never_changes(plan):
    item = plan.items.get(key="early")
    with pytest.raises(Refused, match="Begin the next version"):
        templates.change_item(item, offset=1)
    for touch in (
        lambda: TemplateItem.objects.filter(pk=item.pk).update(offset=1),
        lambda: item.delete(),
        lambda: make_template_item(plan, "more"),
        lambda: PlanTemplate.objects.filter(pk=plan.pk).update(name="Another"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            touch()


def test_there_is_one_draft_of_a_plan_and_it_begins_as_a_copy(plan):
    draft = templates.begin_next_version(plan)

    assert (draft.version, draft.items.count()) == (2, 4)
    with pytest.raises(Refused, match="draft already"):
        templates.begin_next_version(plan)
    with pytest.raises(Refused, match="of this name"):
        templates.begin_plan(plan.name.upper())


def test_an_empty_plan_is_not_published(lena):
    with pytest.raises(Refused, match="nothing in this plan"):
        templates.publish(templates.begin_plan("Empty"), by=lena)


def test_publishing_gives_the_chosen_cohorts_without_one_their_plans_at_once(plan, lena):
    cohort, other = make_cohort(starts_on=SEPTEMBER), make_cohort(starts_on=SEPTEMBER)
    eve, mei = make_participation(cohort=cohort), make_participation(cohort=other)
    draft = templates.begin_next_version(plan)

    templates.publish(draft, by=lena, cohorts=[cohort])

    assert len(days(eve)) == 4
    assert days(mei) == {}


def test_to_lay_out_and_move_many_plans_takes_as_many_queries_as_few(cohort):
    for _ in range(40):
        make_participation(cohort=cohort)
    everybody = list(cohort.participations.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as few:
        plans.lay_out(everybody[:2])
    with CaptureQueriesContext(connection) as many:
        assert plans.lay_out(everybody) == 38 * 4
    with CaptureQueriesContext(connection) as moved:
        plans.rebase(everybody)

    assert len(many) == len(few)
    assert len(moved) <= 12


def test_the_shipped_plan_is_there_and_new_cohorts_follow_it():
    ensure_defaults()
    ensure_defaults()

    template = PlanTemplate.objects.get(name=DEFAULT_PLAN)
    assert template.items.count() == sum(len(one.dues) for one in ASKED)
    cohort = add_cohort(name="Next", starts_on=SEPTEMBER)
    assert cohort.plan_template == template


@pytest.mark.parametrize("first", [SEPTEMBER, date(2027, 4, 12), date(2027, 1, 5)])
def test_the_shipped_plan_fits_into_the_two_years_whenever_they_begin(first, lena):
    cohort = add_cohort(name="Next", starts_on=first)
    joined = participations.add_to_cohort(make_person(), cohort, by=lena)

    dated = PlanItem.objects.filter(participation=joined, due_on__isnull=False)
    assert dated.exclude(due_on__range=(cohort.starts_on, cohort.ends_on)).count() == 0
    for requirement in {item.requirement for item in dated}:
        own = list(dated.filter(requirement=requirement).order_by("position"))
        assert [item.due_on for item in own] == sorted({item.due_on for item in own})
    summers = dated.filter(requirement__key="residential")
    assert {item.due_on.month for item in summers} <= {4, 5, 6, 7}


def test_what_staff_changed_of_the_shipped_plan_stays(lena):
    shipped = PlanTemplate.objects.get(name=DEFAULT_PLAN)
    shipped.items.first().requirement.__class__.objects.filter(key="twilight").update(name="Dusk")

    ensure_defaults()

    assert shipped.items.get(key="twilight-1").requirement.name == "Dusk"
    assert PlanTemplate.objects.filter(name=DEFAULT_PLAN).count() == 1


def test_a_requirement_met_elsewhere_is_still_met_under_a_new_version(ada, cohort, plan, lena):
    requirements.waive(item_of(ada, "winter"), reason="She taught it herself", by=lena)

    plans.take_up(cohort, next_version(plan, lena))

    assert item_of(ada, "winter").state == State.WAIVED
