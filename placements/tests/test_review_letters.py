"""The letters about placement reviews: to those who hold them, and to staff once one is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cohorts.models import Person, PlanItem
from cohorts.operations import participations, plans
from cohorts.operations.cohorts import edit_cohort
from cohorts.tests.factories import (
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
    make_template,
    make_template_item,
)
from dlp.calendar import working_day_on_or_before
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from dlp.outbox.tests.factories import deliver
from placements import reminders
from placements.models import Placement
from placements.operations import placements, reviews, schools
from placements.reminders import DUE, OVERDUE
from placements.tests.factories import make_contact, make_placement

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def ada() -> Person:
    return make_person("Ada Fenwick", email="ada@example.org")


@pytest.fixture
def placement(ada: Person, lena: Person) -> Placement:
    participation = make_participation(ada)
    participation.cohort.coordinator = lena
    participation.cohort.save()
    return make_placement(participation, starts_on=in_days(-25))


@pytest.fixture
def marcus(placement: Placement) -> Person:
    marcus = make_person("Marcus Bell", email="marcus@example.org")
    make_contact(placement.school, marcus)
    return marcus


@pytest.fixture
def week_6(placement: Placement, marcus: Person) -> PlanItem:
    """A review in eight weeks; in holidays, for as long as which it moves, in two at the earliest."""
    template, key = make_template(), "review-week-6"
    make_template_item(template, key, requirement=key, anchor="placement_start", offset=80)
    item = make_plan_item(placement.participation, key, key=key, template=template)
    plans.rebase({placement.participation_id})
    item.refresh_from_db()
    return item


def waiting(kind: str = DUE) -> dict[str, Message]:
    found = Message.objects.filter(kind=kind, state="planned").select_related("person")
    return {message.person.full_name: message for message in found if message.person}


def move_to(item: PlanItem, day: date, by: Person) -> None:
    plans.pin(item, due_on=day, by=by)


def test_leader_and_host_lead_are_written_to_a_week_before(week_6):
    assert waiting().keys() == {"Ada Fenwick", "Marcus Bell"}
    before = working_day_on_or_before(week_6.due_on - timedelta(days=7))
    for message in waiting().values():
        assert message.due_at.astimezone(LONDON).replace(tzinfo=None) == datetime(
            before.year, before.month, before.day, 9
        )
        assert message.not_after.astimezone(LONDON).date() == week_6.due_on + timedelta(days=1)


def test_a_review_that_moves_takes_its_letters_along(week_6, lena):
    move_to(week_6, in_days(60), lena)

    assert {message.lead for message in waiting().values()} == {str(in_days(60))}


def test_the_coordinator_is_written_to_once_it_is_overdue(week_6, lena, settings):
    assert waiting(OVERDUE).keys() == {"Lena Hart"}

    move_to(week_6, in_days(-24), lena)
    letters = [one for one in deliver(settings) if one["To"] and "Lena" in one["To"]]

    [letter] = letters
    assert letter["Subject"] == "Ada Fenwick’s review-week-6 is overdue"


def test_letters_say_whose_it_is_and_what_to_do(week_6, lena, settings):
    move_to(week_6, in_days(3), lena)

    by_address = {letter["To"].addresses[0].addr_spec: letter for letter in deliver(settings)}

    own, host = by_address["ada@example.org"], by_address["marcus@example.org"]
    assert own["Subject"].startswith("Your review-week-6: due on")
    assert "Agree a time with your host lead." in text_of(own)
    assert host["Subject"].startswith("Ada Fenwick’s review-week-6: due on")
    assert "write down on the placement’s page" in text_of(host)


def text_of(letter) -> str:
    return " ".join(letter.get_body(("plain",)).get_content().split())


def test_nobody_is_written_to_about_somebody_who_is_deferred(week_6, placement, lena):
    participations.defer(placement.participation, by=lena, reason="other", on=in_days(0))

    assert not waiting()
    assert not waiting(OVERDUE)


def test_a_placement_that_ended_is_not_reviewed(week_6, placement, lena):
    placements.end_early(placement, last_day=in_days(1), reason="other", by=lena)

    assert not waiting()


def test_once_it_is_written_down_nothing_more_is_sent(week_6, placement, marcus):
    said = {"present": "Both", "summary": "Lead attendance."}

    reviews.write(placement, week_6, held_on=in_days(0), **said, by=marcus)

    assert not waiting()
    assert not waiting(OVERDUE)


def test_whoever_leads_at_the_school_now_is_written_to_else_the_coordinator(
    week_6, placement, marcus
):
    schools.end_contact(marcus.school_contacts.get(), ends_on=in_days(-1))
    assert waiting().keys() == {"Ada Fenwick", "Lena Hart"}

    new = schools.add_contact(
        placement.school,
        role="host_lead",
        name="Nia Cole",
        email="nia@example.org",
        signs_in=True,
    )

    assert new.person is not None
    assert waiting().keys() == {"Ada Fenwick", "Nia Cole"}


def test_the_coordinator_reads_that_nobody_leads_there(week_6, marcus, lena, settings):
    schools.end_contact(marcus.school_contacts.get(), ends_on=in_days(-1))
    move_to(week_6, in_days(3), lena)

    [letter] = [one for one in deliver(settings) if "Lena" in str(one["To"])]

    said = " ".join(letter.get_body(("plain",)).get_content().split())
    assert "Nobody who leads on it at the school can be written to" in said


def test_the_last_look_finds_that_the_host_lead_left(week_6, marcus, lena, settings):
    move_to(week_6, in_days(3), lena)
    marcus.school_contacts.update(ends_on=in_days(-1))

    letters = deliver(settings)

    assert [letter["To"].addresses[0].addr_spec for letter in letters] == ["ada@example.org"]


def test_whoever_coordinates_from_now_on_is_told_of_the_overdue(week_6, placement):
    edit_cohort(placement.participation.cohort, coordinator=make_staff("Sol Lead"))

    assert waiting(OVERDUE).keys() == {"Sol Lead"}


def test_an_item_dropped_from_the_plan_leaves_no_letter(week_6, settings, lena):
    move_to(week_6, in_days(3), lena)
    PlanItem.objects.filter(pk=week_6.pk).delete()

    assert deliver(settings) == []


def test_planning_again_changes_nothing(week_6):
    assert reminders.plan([week_6.pk]).total == 0
    assert sweeping.sweep() == 0


def test_the_sweep_brings_back_what_is_missing(week_6):
    Message.objects.all().delete()

    assert sweeping.sweep() == 3
    assert waiting().keys() == {"Ada Fenwick", "Marcus Bell"}


def test_people_may_mute_them():
    assert kinds.get(DUE).topic
    assert kinds.get(OVERDUE).topic


@pytest.mark.parametrize("kind", [DUE, OVERDUE])
def test_every_placeholder_of_them_can_be_filled(week_6, lena, kind):
    worded = kinds.get(kind).render

    values = worded.draft(Message(person=lena, subject_id=week_6.pk)).values  # type: ignore[attr-defined]

    assert values.keys() == {one.name for one in worded.placeholders}  # type: ignore[attr-defined]
