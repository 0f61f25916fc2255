"""Plans at the desk: their versions and drafts, what one would do to a cohort, and one person's own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts import plan_pages
from cohorts.models import Cohort, PlanItem, PlanTemplate, RequirementAttempt
from cohorts.operations import plans, templates
from cohorts.operations.requirements import BY_HAND
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_requirement,
    make_template,
    make_template_item,
)

State = PlanItem.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, lena):
    client.force_login(lena)
    return client


@pytest.fixture
def plan(lena):
    template = make_template("The short plan")
    make_template_item(template, "review", requirement="review", offset=20, unit="week")
    make_template_item(template, "talk", requirement="talk", offset=30, unit="week")
    return templates.publish(template, by=lena)


@pytest.fixture
def ada(plan):
    """Ada is the only one in a cohort that follows the plan."""
    cohort = make_cohort("2026 Cohort")
    Cohort.objects.filter(pk=cohort.pk).update(plan_template=plan)
    ada = make_participation(make_person("Ada Fenwick"), cohort)
    plans.lay_out([ada.pk])
    return ada


def text(response):
    return " ".join(response.content.decode().split())


def test_a_plan_is_begun_filled_and_published(desk):
    make_requirement("review", name="Placement review")
    desk.post(reverse("cohorts:plan_add"), {"name": "One year"})
    draft = PlanTemplate.objects.get(name="One year")
    said = {
        "key": "review",
        "requirement": key_of("review"),
        "title": "Placement review",
        "anchor": "placement_start",
        "offset": "6",
        "unit": "week",
    }
    add = reverse("cohorts:template_item_add", args=[draft.pk])
    desk.post(add, said)
    desk.post(add, {**said, "key": "termly", "offset": "2", "unit": "term"})
    summer = {"key": "residential", "anchor": "term_start", "anchor_season": "summer"}
    assert "Say which term" in text(desk.post(add, {**said, **summer}))
    desk.post(add, {**said, **summer, "anchor_term": "1"})
    wrong = desk.post(add, {**said, "key": "wrong", "anchor_season": "summer"})
    assert "Only what is counted from the first day of a term has a season." in text(wrong)
    page = desk.get(draft.get_absolute_url())
    for when in (
        "6 weeks after the placement begins",
        "at the end of the 2nd term of the placement",
        "6 weeks after their 1st summer term begins",
    ):
        assert when in text(page)

    done = desk.post(reverse("cohorts:plan_publish", args=[draft.pk]), follow=True)

    assert "One year, version 1 is published." in text(done)
    assert "It stays as it is." in text(done)


def key_of(key):
    return make_requirement(key).pk


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"anchor": "term_start"}, "Say which term, from 1 to 12"),
        ({"key": "review"}, "Another item of this plan has this key."),
        ({"offset": "9000"}, "less than or equal to 1500"),
        ({"title": ""}, "Say what there is to do."),
    ],
)
def test_what_is_not_in_order_is_said_and_nothing_typed_is_lost(desk, plan, wrong, sentence):
    draft = templates.begin_next_version(plan)
    said = {
        "key": "another",
        "requirement": key_of("talk"),
        "title": "A talk at the very end",
        "anchor": "cohort_start",
        "offset": "2",
        "unit": "week",
        **wrong,
    }

    page = desk.post(reverse("cohorts:template_item_add", args=[draft.pk]), said)

    assert page.status_code == 200
    assert sentence in text(page)
    assert wrong.get("title", "A talk at the very end") in text(page)
    assert draft.items.count() == 2


def test_the_next_version_begins_as_a_copy_whose_items_can_be_changed_and_taken_out(desk, plan):
    desk.post(reverse("cohorts:plan_next", args=[plan.pk]))
    draft = PlanTemplate.objects.get(name=plan.name, version=2)
    review, talk = draft.items.all()

    desk.post(
        reverse("cohorts:template_item_edit", args=[review.pk]),
        {
            "requirement": review.requirement_id,
            "title": "Review",
            "anchor": "year2_start",
            "offset": "-2",
            "unit": "term",
        },
    )
    desk.post(reverse("cohorts:template_item_remove", args=[talk.pk]))

    assert "2 terms before their second year begins" in text(desk.get(draft.get_absolute_url()))
    assert list(draft.items.values_list("key", flat=True)) == ["review"]


def test_what_a_version_would_do_is_shown_and_then_done(desk, plan, ada, lena):
    draft = templates.begin_next_version(plan)
    review = draft.items.get(key="review")
    templates.change_item(review, offset=24)
    templates.remove_item(draft.items.get(key="talk"))
    new = templates.publish(draft, by=lena)
    url = reverse("cohorts:plan_of_cohort", args=[ada.cohort_id])

    page = desk.get(url)

    assert "Moves 1, drops 1 that nobody has begun." in text(page)
    assert "Ada Fenwick" in text(page)
    done = desk.post(url, {"version": new.pk, "told": page.context["told"]}, follow=True)
    assert "2026 Cohort follows The short plan, version 2 now. Moves 1, drops 1" in text(done)
    assert PlanItem.objects.get(participation=ada).template == new


def test_a_preview_that_no_longer_holds_is_shown_anew_and_nothing_is_done(desk, plan, ada, lena):
    new = templates.publish(templates.begin_next_version(plan), by=lena)
    url = reverse("cohorts:plan_of_cohort", args=[ada.cohort_id])

    page = desk.post(url, {"version": new.pk, "told": "3,0,0,0,0,0,0"})

    assert "The plans have changed since you looked." in text(page)
    assert set(PlanItem.objects.values_list("template", flat=True)) == {plan.pk}


@pytest.mark.parametrize("version", ["", "x", "999999"])
def test_a_version_that_there_is_not_is_refused_in_a_sentence(desk, ada, version):
    url = reverse("cohorts:plan_of_cohort", args=[ada.cohort_id])

    assert desk.get(url, {"version": version}).status_code == 200
    assert "Choose the plan" in text(desk.post(url, {"version": version, "told": "x"}))


def test_somebodys_plan_says_what_is_due_where_it_stands_and_who_confirmed_it(desk, ada, lena):
    item = ada.plan_items.get(key="review")
    yesterday = timezone.localdate() - timedelta(days=1)

    done = desk.post(
        reverse("cohorts:plan_item_record", args=[item.pk]),
        {"state": "met", "on": yesterday.isoformat()},
        follow=True,
    )

    assert "It is recorded." in text(done)
    go = RequirementAttempt.objects.get()
    assert (go.source_kind, go.source_id, go.reported_by) == (BY_HAND, item.pk, lena)
    page = desk.get(reverse("cohorts:plan", args=[ada.pk]))
    assert "1 of 2 done" in text(page)
    assert "Lena Hart" in text(page)


def test_a_day_to_come_cannot_be_recorded(desk, ada):
    item = ada.plan_items.get(key="review")
    tomorrow = timezone.localdate() + timedelta(days=1)

    page = desk.post(
        reverse("cohorts:plan_item_record", args=[item.pk]),
        {"state": "met", "on": tomorrow.isoformat()},
    )

    assert "Choose today or an earlier day" in text(page)
    assert not RequirementAttempt.objects.exists()


def test_an_item_is_waived_with_a_reason_and_asked_for_again(desk, ada):
    item = ada.plan_items.get(key="talk")
    url = reverse("cohorts:plan_item_waive", args=[item.pk])

    assert "Say in a few words why" in text(desk.post(url, {"reason": "ok"}))
    page = desk.post(url, {"reason": "She gave it last year"}, follow=True)
    assert "She gave it last year" in text(page)

    desk.post(reverse("cohorts:plan_item_ask_again", args=[item.pk]))
    item.refresh_from_db()
    assert (item.state, item.excuse) == (State.NOT_STARTED, "")


def test_a_day_is_set_by_hand_and_let_go(desk, ada):
    item = ada.plan_items.get(key="talk")
    day = item.due_on + timedelta(days=9)

    page = desk.post(
        reverse("cohorts:plan_item_pin", args=[item.pk]), {"due_on": day.isoformat()}, follow=True
    )
    assert "set by hand" in text(page)

    desk.post(reverse("cohorts:plan_item_unpin", args=[item.pk]))
    assert ada.plan_items.get(key="talk").due_on == item.due_on


def test_a_plan_of_any_length_takes_the_same_few_queries(
    desk, ada, lena, django_assert_max_num_queries
):
    for number in range(40):
        PlanItem.objects.create(
            participation=ada,
            template=ada.cohort.plan_template or make_template(),
            key=f"more-{number}",
            requirement=make_requirement("talk"),
            title="More",
            due_on=timezone.localdate(),
        )

    with django_assert_max_num_queries(12):
        desk.get(reverse("cohorts:plan", args=[ada.pk]))


def test_the_admin_publishes_drafts_and_says_which_it_cannot(desk, plan, lena):
    draft = templates.begin_next_version(plan)
    chosen = {"action": "publish", "_selected_action": [plan.pk, draft.pk]}

    page = desk.post(reverse("admin:cohorts_plantemplate_changelist"), chosen, follow=True)

    draft.refresh_from_db()
    assert (draft.is_draft, draft.published_by) == (False, lena)
    assert "is published and stays as it is" in text(page)


def test_an_item_is_waived_from_the_admin_by_way_of_its_page(desk, ada):
    item = PlanItem.objects.filter(participation=ada).first()
    chosen = {"action": "plan_item_waive", "_selected_action": [item.pk]}

    asked = desk.post(reverse("admin:cohorts_planitem_changelist"), chosen)
    done = desk.post(asked.url, {"reason": "She taught it herself"})

    item.refresh_from_db()
    assert (item.state, done.url) == ("waived", reverse("admin:cohorts_planitem_changelist"))


def test_what_was_recorded_by_hand_is_shown_on_the_item(ada, lena):
    item = ada.plan_items.get(key="review")

    assert plan_pages.page_of_item(item.pk, lena) == item.get_absolute_url()
    assert plan_pages.page_of_item(item.pk, ada.person) is None
