"""Placement reviews: due as the plan has them, written down once, and done by the leader's word (R-PLC-04)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person, PlanItem
from cohorts.operations import participations, plans
from cohorts.tests.factories import (
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
    make_template,
    make_template_item,
)
from placements.models import Placement, Review
from placements.operations import placements
from placements.operations import reviews as operations
from placements.reviews import asked_for, due_for
from placements.tests.factories import make_contact, make_placement
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db

SAID = {"present": "Ada Fenwick and Marcus Bell", "summary": "Lead the attendance work."}


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def ada() -> Person:
    return make_person("Ada Fenwick")


@pytest.fixture
def placement(ada: Person) -> Placement:
    return make_placement(make_participation(ada), starts_on=in_days(-60))


@pytest.fixture
def week_6(placement: Placement) -> PlanItem:
    """Due a fortnight and a day ago: so many days after the first day of the placement."""
    template, key = make_template(), "review-week-6"
    make_template_item(template, key, requirement=key, anchor="placement_start", offset=45)
    return make_plan_item(
        placement.participation, key, key=key, due_on=in_days(-15), template=template
    )


@pytest.fixture
def marcus(placement: Placement) -> Person:
    marcus = make_person("Marcus Bell")
    make_contact(placement.school, marcus)
    return marcus


@pytest.fixture
def review(placement: Placement, week_6: PlanItem, marcus: Person) -> Review:
    return operations.write(placement, week_6, held_on=in_days(-1), **SAID, by=marcus)


def stands(item: PlanItem) -> str:
    item.refresh_from_db()
    return item.state


def test_the_host_lead_writes_it_down_and_the_leader_makes_it_count(
    client, placement, week_6, marcus, ada
):
    client.force_login(marcus)
    address = reverse("placements:review_write", args=[placement.pk, week_6.pk])
    assert address in client.get(reverse("home:placement", args=[placement.pk])).content.decode()
    assert address in client.get(reverse("home:home")).content.decode()

    client.post(address, {"held_on": in_days(-1).isoformat(), **SAID})

    review = Review.objects.get()
    assert stands(week_6) == PlanItem.State.WAITING_FOR_YOU
    client.force_login(ada)
    page = client.get(review.get_absolute_url()).content.decode()
    assert SAID["summary"] in page

    client.post(reverse("placements:review_agree", args=[review.pk]))

    assert stands(week_6) == PlanItem.State.MET
    assert week_6.attempt.source_id == review.pk


def test_whoever_may_not_write_is_not_offered_it_and_refused(client, placement, week_6, ada):
    head = make_person("Hana Head")
    make_contact(placement.school, head, role="head")
    address = reverse("placements:review_write", args=[placement.pk, week_6.pk])
    for person in (ada, head):
        client.force_login(person)
        page = client.get(reverse("home:placement", args=[placement.pk])).content.decode()
        assert week_6.title in page
        assert address not in page
        assert client.post(address, SAID).status_code == 403


def test_a_host_lead_who_left_yesterday_writes_nothing_more(client, placement, week_6, marcus):
    marcus.school_contacts.update(ends_on=in_days(-1))
    client.force_login(marcus)

    address = reverse("placements:review_write", args=[placement.pk, week_6.pk])

    assert client.get(address).status_code == 404


def test_what_the_leader_wants_put_right_waits_for_us_until_it_is_changed(
    client, review, week_6, ada, marcus
):
    client.force_login(ada)
    client.post(
        reverse("placements:review_query", args=[review.pk]), {"query": "It was the timetable."}
    )
    assert stands(week_6) == PlanItem.State.WAITING_FOR_US

    client.force_login(marcus)
    assert "It was the timetable." in client.get(review.get_absolute_url()).content.decode()
    client.post(
        reverse("placements:review_edit", args=[review.pk]),
        {"held_on": in_days(-1).isoformat(), **SAID, "summary": "Lead the timetable."},
    )

    assert stands(week_6) == PlanItem.State.WAITING_FOR_YOU
    review.refresh_from_db()
    assert (review.summary, review.query) == ("Lead the timetable.", "")


def test_a_later_change_undoes_the_leaders_word_and_says_so(client, review, week_6, ada, marcus):
    operations.agree(review, by=ada)
    client.force_login(marcus)
    address = reverse("placements:review_edit", args=[review.pk])
    assert "they are asked again" in client.get(address).content.decode()
    same = {"held_on": in_days(-1).isoformat(), **SAID}

    assert (
        "Nothing has changed, so nothing was saved." in client.post(address, same).content.decode()
    )
    assert stands(week_6) == PlanItem.State.MET
    client.post(address, {**same, "present": "Ada Fenwick"})

    assert stands(week_6) == PlanItem.State.WAITING_FOR_YOU


def test_nobody_but_the_leader_gives_their_word(client, review, marcus):
    for person in (marcus, make_staff("Lena Hart", "Coordinator")):
        client.force_login(person)
        answer = client.post(reverse("placements:review_agree", args=[review.pk]))
        assert answer.status_code == 403


def test_staff_close_it_without_the_leader_for_a_reason(client, review, week_6, lena):
    client.force_login(lena)
    address = reverse("placements:review_close", args=[review.pk])

    assert "in a few words why" in client.post(address, {"reason": "No"}).content.decode()
    client.post(address, {"reason": "She is on leave until June."})

    assert stands(week_6) == PlanItem.State.MET
    assert "She is on leave until June." in client.get(review.get_absolute_url()).content.decode()


def test_a_review_taken_back_is_due_again_and_gone_for_the_school(
    client, placement, review, week_6, lena, marcus
):
    operations.take_back(review, reason="It was another leader’s.", by=lena)

    assert stands(week_6) == PlanItem.State.NOT_STARTED
    assert list(due_for(placement)) == [week_6]
    client.force_login(marcus)
    assert client.get(review.get_absolute_url()).status_code == 404


def test_staff_go_without_a_review_for_a_reason(client, placement, week_6, lena):
    client.force_login(lena)

    client.post(
        reverse("placements:review_without", args=[placement.pk, week_6.pk]),
        {"reason": "The school was closed."},
    )

    assert stands(week_6) == PlanItem.State.WAIVED


def test_of_two_who_write_the_same_review_the_second_is_told(placement, week_6, review, lena):
    with pytest.raises(operations.Refused, match="not due any more"):
        operations.write(placement, week_6, held_on=in_days(-2), **SAID, by=lena)


@pytest.mark.parametrize(
    ("days", "why"), [(1, "today or an earlier day"), (-61, "The placement began on")]
)
def test_a_day_on_which_it_cannot_have_been_is_refused_at_the_field(
    client, placement, week_6, lena, days, why
):
    client.force_login(lena)
    address = reverse("placements:review_write", args=[placement.pk, week_6.pk])

    page = client.post(address, {"held_on": in_days(days).isoformat(), **SAID})

    assert why in page.context["form"].errors["held_on"][0]
    assert SAID["summary"] in page.content.decode()


def test_a_review_moves_with_its_item_of_the_plan(placement, week_6, lena):
    plans.pin(week_6, due_on=in_days(12), by=lena)

    assert [item.due_on for item in due_for(placement)] == [in_days(12)]


def test_what_falls_after_the_placement_is_not_its_review(placement, week_6):
    Placement.objects.filter(pk=placement.pk).update(ends_on=in_days(-16))

    assert not due_for(placement)


def test_nothing_is_asked_of_the_deferred(client, placement, week_6, marcus, ada, lena):
    assert list(asked_for()) == [week_6]

    participations.defer(placement.participation, by=lena, reason="other", on=in_days(0))

    assert list(asked_for()) == []
    client.force_login(marcus)
    home = client.get(reverse("home:home")).content.decode()
    assert week_6.title not in home
    session = make_booking(make_session(), ada, state="coming").session
    client.force_login(lena)
    for page in (home, client.get(session.get_absolute_url()).content.decode()):
        assert '<span class="tag" data-state="due">Deferred</span>' in page


def test_nothing_is_asked_while_the_placement_is_paused(client, placement, week_6, marcus, lena):
    placements.pause(placement, by=lena)

    assert list(asked_for()) == []
    client.force_login(marcus)
    assert week_6.title not in client.get(reverse("home:home")).content.decode()


def test_their_whole_story_tells_who_wrote_it_down_and_that_they_agreed(client, review, ada, lena):
    operations.agree(review, by=ada)
    client.force_login(lena)

    page = client.get(reverse("home:timeline", args=[ada.pk])).content.decode()

    assert f"{review.requirement} written down: held on" in page
    assert f"Agreed to what was written of: {review.requirement}." in page
