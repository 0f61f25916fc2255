"""Other days for a placement: asked afresh before it is sure, told to all from then on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import PlanItem
from cohorts.operations import plans, templates
from cohorts.tests.factories import (
    make_participation,
    make_person,
    make_template,
    make_template_item,
)
from dlp.errors import Refused
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver
from placements.models import Acceptance, Opening, Placement
from placements.offers import DAYS, DECIDED, OFFERED, Addressee, token
from placements.operations import answers, placements
from placements.operations.days import SURE, change_days
from placements.operations.placing import place, propose
from placements.operations.settling import settle_due
from placements.tests.factories import (
    make_checks,
    make_contact,
    make_opening,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
State = Placement.State
DAY = timedelta(days=1)
WHY = "Their term begins a week later."


@pytest.fixture
def opening(lena) -> Opening:
    """One place at a partner school whose head can be written to, begun thirty days ago."""
    opening = make_opening()
    opening.cohort.coordinator = lena
    opening.cohort.save()
    make_contact(opening.school, name="Marcus Bell", email="marcus@example.org")
    return opening


@pytest.fixture
def ada(opening):
    return make_participation(make_person("Ada Fenwick", email="ada@example.org"), opening.cohort)


def moved(placement: Placement, first: int = 0, last: int = 0, **said: object) -> Placement:
    """With the first and the last day so many days later."""
    return change_days(
        placement,
        starts_on=placement.starts_on + first * DAY,
        ends_on=placement.ends_on + last * DAY,
        **said,
    )


def test_days_change_until_it_is_over_and_a_reason_is_asked_once_it_is_sure(opening, ada, lena):
    placement = propose(opening, ada, by=lena)
    for state in State:
        Placement.objects.filter(pk=placement.pk).update(state=state)
        placement.refresh_from_db()
        if state not in Placement.OPEN_STATES:
            with pytest.raises(Refused, match="so its days stay"):
                moved(placement, last=-1, because=WHY)
            continue
        if state in SURE:
            with pytest.raises(Refused, match="Give the reason"):
                moved(placement, last=-1)
        was = placement.ends_on
        placement = moved(placement, last=-1, because=WHY, by=lena)
        asked_again = state in (State.OFFERED, State.ACCEPTED)
        assert placement.state == (State.OFFERED if asked_again else state)
        change = placement.changes.of_days().last()
        assert (change.ends_on_before, change.by, change.because) == (was, lena, WHY)
    Placement.objects.update(state=State.ACTIVE)
    assert moved(placement, because=WHY, by=lena).changes.of_days().count() == 6


def test_both_are_asked_again_for_a_yes_was_to_other_days(opening, ada, lena, client, settings):
    settings.QUIET_HOURS = False
    placement = propose(opening, ada, by=lena)
    placement = placements.offer(placement, by=lena)
    old = token(placement, Addressee(Acceptance.Side.LEADER, ada.person))
    path = reverse("placements:letter_answer", args=[old])
    answers.accept(placement, by=lena)
    opening.refresh_from_db()
    assert opening.state == Opening.State.FILLED

    placement = moved(placement, first=7, by=lena)

    opening.refresh_from_db()
    assert (placement.state, opening.state) == (State.OFFERED, Opening.State.OPEN)
    assert not placement.acceptances.standing().exists()
    assert Acceptance.objects.count() == 2
    asked = [one for one in deliver(settings) if "offered" in one["Subject"]]
    assert len(asked) == 2, "the letters with the old days do not go any more"
    assert "a yes to other days does not count" in " ".join(
        asked[0].get_body(("plain",)).get_content().split()
    )
    assert "you have not answered" in client.get(path).content.decode()
    stale = client.post(path, {"answer": "yes", "asking": 1}, follow=True).content.decode()
    assert "The days have changed since you read them" in stale
    client.post(path, {"answer": "yes", "asking": 2})
    answers.say_yes(placement, Acceptance.Side.SCHOOL, by=lena)
    placement.refresh_from_db()
    assert placement.state == State.ACCEPTED
    assert Message.objects.filter(kind=DECIDED, lead="accepted").count() == 4
    assert {one.revision for one in Message.objects.filter(kind=OFFERED)} == {0, 1}


def test_whoever_moves_on_from_another_school_still_does_after_other_days(opening, ada, lena):
    today = timezone.localdate()
    first = make_placement(ada)
    placements.end_early(first, last_day=today - DAY, reason="school")
    placement = propose(opening, ada, starts_on=today + 9 * DAY, by=lena)
    answers.accept(placements.offer(placement, by=lena), by=lena)
    placement = moved(Placement.objects.get(pk=placement.pk), first=7, by=lena)
    answers.accept(placement, by=lena)

    placement.refresh_from_db()
    assert placement.continues == first


def test_a_sure_placement_moves_with_all_that_is_counted_from_it_and_tells_everybody(
    opening, ada, lena, client, settings
):
    settings.QUIET_HOURS = False
    template = make_template()
    make_template_item(
        template, "review", requirement="review", anchor="placement_start", offset=45
    )
    templates.publish(template, by=lena, cohorts=[opening.cohort])
    ada.cohort.refresh_from_db()
    plans.lay_out([ada.pk])
    placement = place(opening, ada, starts_on=timezone.localdate() + 30 * DAY, by=lena)
    was, due = placement.starts_on, PlanItem.objects.get(participation=ada).due_on
    client.force_login(lena)
    page = reverse("placements:placement_change_days", args=[placement.pk])
    asked = {"starts_on": was + 14 * DAY, "ends_on": was, "because": "Kept words."}
    refused = client.post(page, asked).content.decode()
    assert "The last day cannot be before the first day." in refused
    assert "Kept words." in refused

    said = client.post(page, asked | {"ends_on": placement.ends_on, "because": WHY}, follow=True)

    placement.refresh_from_db()
    assert (placement.starts_on, placement.state) == (was + 14 * DAY, State.CONFIRMED)
    assert PlanItem.objects.get(participation=ada).due_on > due
    subjects = sorted(" ".join(one["Subject"].split()) for one in deliver(settings))
    assert subjects[0].startswith("Ada Fenwick’s days at your school are now ")
    assert subjects[1].startswith(f"Your days at {opening.school} are now ")
    text = said.content.decode()
    assert WHY in text
    assert "Days changed; they were" in text
    for story, about in (("timeline", ada.person), ("school_timeline", opening.school)):
        told = client.get(reverse(f"home:{story}", args=[about.pk])).content.decode()
        assert "changed; they were" in told
        assert WHY in told
    client.force_login(ada.person)
    assert WHY not in client.get(placement.get_absolute_url()).content.decode()


def test_days_that_cannot_be_are_refused_in_a_sentence(opening, ada, lena):
    today = timezone.localdate()
    placement = place(opening, ada, starts_on=today + 30 * DAY, by=lena)
    make_placement(
        ada, make_school("Hill Top"), starts_on=today + 5 * DAY, ends_on=today + 20 * DAY
    )
    with pytest.raises(Refused, match=r"Ada Fenwick is placed at Hill Top from"):
        moved(placement, first=-12, because=WHY)
    with pytest.raises(Refused, match="Choose days within it"):
        moved(placement, last=900, because=WHY)
    opening.school.partnerships.update(ends_on=today + 35 * DAY)
    with pytest.raises(Refused, match=r"No partnership with .* is in force on"):
        moved(placement, first=6, because=WHY)
    assert moved(placement, first=5, because=WHY)
    opening.school.partnerships.update(ends_on=today)
    assert moved(placement, first=8, because=WHY)  # nothing covered it before, either

    opening.school.partnerships.update(ends_on=None)
    opening.school.hosts_at_once = 1
    opening.school.save()
    other = make_participation(cohort=opening.cohort)
    make_placement(other, opening.school, starts_on=today, ends_on=today + 20 * DAY)
    with pytest.raises(Refused, match="hosts 1 at once and no more"):
        moved(placement, first=-10, because=WHY)


def test_what_has_begun_neither_begins_tomorrow_nor_ended_yesterday(opening, ada, lena):
    placement = place(opening, ada, by=lena)
    make_checks(placement)
    placement = placements.activate(placement)
    today = timezone.localdate()
    for days, said in (
        ({"starts_on": today + DAY, "ends_on": placement.ends_on}, "It has begun"),
        ({"starts_on": placement.starts_on, "ends_on": today - DAY}, "end it early instead"),
    ):
        with pytest.raises(Refused, match=said):
            change_days(placement, **days, because=WHY)
    assert moved(placement, last=-1, because=WHY).state == State.ACTIVE
    assert Message.objects.filter(kind=DAYS).count() == 2


def test_an_early_end_that_is_put_off_to_the_day_agreed_is_none(opening, ada):
    today = timezone.localdate()
    placement = make_placement(ada, opening.school, ends_on=today + 90 * DAY)
    for until, state in ((60, State.ENDED_EARLY), (90, State.COMPLETED)):
        Placement.objects.filter(pk=placement.pk).update(state="active", ends_on=today + 90 * DAY)
        placement.refresh_from_db()
        placement = placements.end_early(placement, last_day=today + 30 * DAY, reason="school")
        placement = moved(placement, last=until - 30, because=WHY)
        settle_due(placement.ends_on + DAY)
        placement.refresh_from_db()
        assert placement.state == state
