"""The letter to whoever coordinates a cohort when a deferral is to be looked at again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts import reminders
from cohorts.models import Participation, Person
from cohorts.operations import cohorts, participations
from cohorts.reminders import DEFERRAL_REVIEW
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from dlp.outbox.tests.factories import deliver

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def active(lena: Person) -> Participation:
    """Ada Fenwick's time in a cohort that Lena coordinates."""
    cohort = make_cohort()
    cohort.coordinator = lena
    cohort.save()
    return make_participation(make_person("Ada Fenwick"), cohort)


def defer(participation: Participation, review_on: date | None) -> Participation:
    by = participation.cohort.coordinator
    assert by is not None
    return participations.defer(
        participation,
        by=by,
        reason="parental_leave",
        on=in_days(-3),
        review_on=review_on,
        note="Twins.",
    )


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def waiting() -> list[Message]:
    return list(Message.objects.filter(kind=DEFERRAL_REVIEW, state="planned"))


def a_tuesday() -> date:
    """At least a month ahead, on which nobody is on holiday."""
    day = in_days(30)
    while day.weekday() != 1 or day.month in (12, 1):
        day += timedelta(days=1)
    return day


def test_the_coordinator_is_written_to_on_the_morning_of_the_day(active: Participation):
    defer(active, a_tuesday())

    (message,) = waiting()
    assert message.person == active.cohort.coordinator
    assert message.due_at == datetime.combine(a_tuesday(), datetime.min.time(), LONDON).replace(
        hour=9
    )


def test_a_day_at_a_weekend_moves_to_the_friday_before(active: Participation):
    defer(active, a_tuesday() + timedelta(days=5))  # the Sunday

    (message,) = waiting()
    assert message.due_at.astimezone(LONDON).weekday() == 4


def test_a_deferral_without_such_a_day_plans_nothing(active: Participation):
    defer(active, None)

    assert waiting() == []


def test_the_letter_says_who_and_since_when_and_never_why(active: Participation, settings):
    defer(active, in_days(-1))

    (letter,) = deliver(settings)

    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "Look again at Ada Fenwick’s deferral"
    assert "Hello Lena. Ada Fenwick has been deferred since" in " ".join(text.split())
    assert active.person.get_absolute_url() in text
    for why in ("arental", "Twins"):
        assert why not in str(letter)


def test_the_list_of_letters_says_whose_deferral_and_finds_it(
    client, active: Participation, lena: Person
):
    defer(active, a_tuesday())
    client.force_login(lena)

    page = client.get(reverse("outbox:messages"), {"about": "ada"}).content.decode()

    assert f"{active.person}, {active.cohort}" in page


def test_whoever_came_back_is_not_looked_at(active: Participation, lena: Person):
    participations.resume(defer(active, in_days(30)), by=lena)

    assert waiting() == []


def test_another_day_to_look_again_moves_the_letter(active: Participation, lena: Person):
    later = a_tuesday() + timedelta(days=28)
    deferred = defer(active, a_tuesday())
    participations.review(deferred, by=lena, review_on=later)

    assert [message.lead for message in waiting()] == [str(later)]

    participations.undo(deferred.changes.get(kind="reviewed"), by=lena)

    assert [message.lead for message in waiting()] == [str(a_tuesday())]


def test_an_undone_deferral_is_not_looked_at(active: Participation, lena: Person):
    deferred = defer(active, in_days(30))
    participations.undo(deferred.changes.get(kind="deferred"), by=lena)

    assert waiting() == []


def test_whoever_coordinates_from_now_on_is_written_to(active: Participation):
    defer(active, in_days(30))
    other = make_staff("Sol Lead")

    cohorts.edit_cohort(active.cohort, coordinator=other)

    assert [message.person for message in waiting()] == [other]


def test_a_deferral_that_moves_to_another_cohort_is_its_coordinators(
    active: Participation, lena: Person
):
    deferred = defer(active, in_days(30))
    next_year = make_cohort(starts_on=active.cohort.starts_on)
    next_year.coordinator = make_staff("Sol Lead")
    next_year.save()

    participations.transfer(deferred, by=lena, to=next_year)

    assert [message.person for message in waiting()] == [next_year.coordinator]


def test_the_last_look_finds_that_they_are_back(active: Participation, settings):
    defer(active, in_days(-1))
    Participation.objects.update(state="active")

    assert deliver(settings) == []
    message = Message.objects.get(kind=DEFERRAL_REVIEW)
    assert message.state_reason == "There is no deferral to look at on that day."


def test_planning_again_changes_nothing(active: Participation):
    deferred = defer(active, in_days(30))

    assert reminders.plan(deferred).total == 0
    assert sweeping.sweep() == 0


def test_the_sweep_brings_back_what_is_missing_and_calls_off_what_is_left_over(
    active: Participation,
):
    defer(active, in_days(30))
    Message.objects.all().delete()

    assert sweeping.sweep() == 1
    Participation.objects.update(state="active")
    assert sweeping.sweep() == 1
    assert waiting() == []


def test_every_placeholder_of_it_can_be_filled(active: Participation):
    deferred = defer(active, in_days(30))
    worded = kinds.get(DEFERRAL_REVIEW).render
    message = Message(person=active.cohort.coordinator, subject_id=deferred.pk)

    values = worded.draft(message).values  # type: ignore[attr-defined]

    assert values.keys() == {one.name for one in worded.placeholders}  # type: ignore[attr-defined]
