"""The letters about a refresh that is due: at 90, 30 and 7 days, on the day, and weekly four times."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from cohorts.operations import participations
from cohorts.tests.factories import make_participation, make_person
from dlp.calendar import months_later
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from dlp.outbox.tests.factories import deliver
from training import certificate_reminders
from training.certificate_reminders import DUE, DUE_TO_LEAD, steps_of
from training.certificates.rules import Rules, training_until
from training.operations import certificates as operations
from training.tests.factories import make_certificate

DAY = timedelta(days=1)
RULES = Rules(date(2015, 7, 1), 24, 12, (90, 30, 7, 0), 4, 14)


def test_each_letter_is_of_use_until_the_next_and_the_weekly_ones_are_four():
    steps = steps_of(date(2026, 5, 6), date(2026, 1, 1), RULES)

    assert [step.lead for step in steps] == [
        "90d", "30d", "7d", "0d", "late1", "late2", "late3", "late4",
    ]  # fmt: skip
    assert [step.due_at.date() for step in steps] == [
        date(2026, 2, 5),
        date(2026, 4, 2),
        date(2026, 4, 29),
        date(2026, 5, 6),
        *(date(2026, 5, 13) + timedelta(weeks=week) for week in range(4)),
    ]
    assert all(one.not_after == two.due_at for one, two in zip(steps, steps[1:], strict=False))
    assert [step.lead for step in steps if step.to_lead] == ["30d", "7d", "late1"]


def test_the_letters_keep_their_distance_across_a_leap_day():
    on_the_29th = training_until(date(2024, 2, 29), [RULES])
    over_the_29th = training_until(date(2026, 3, 10), [RULES])

    assert [step.due_at.date() for step in steps_of(on_the_29th, date(2024, 3, 1), RULES)][:5] == [
        date(2025, 11, 28),  # the 30th is a Sunday
        date(2026, 1, 29),
        date(2026, 2, 20),  # the 21st is a Saturday
        date(2026, 2, 27),  # and so is the 28th, the day itself
        date(2026, 3, 6),
    ]
    assert [step.due_at.date() for step in steps_of(over_the_29th, date(2026, 4, 1), RULES)][
        :5
    ] == [
        date(2027, 12, 10),  # the 11th is a Saturday
        date(2028, 2, 9),
        date(2028, 3, 3),
        date(2028, 3, 10),
        date(2028, 3, 17),
    ]


def test_after_a_time_away_the_weekly_letters_begin_anew():
    steps = steps_of(date(2026, 5, 6), date(2027, 1, 4), RULES)

    assert [step.due_at.date() for step in steps if step.lead.startswith("late")][0] == date(
        2027, 1, 11
    )


@pytest.fixture
def ada(lena):
    participation = make_participation(make_person("Ada Fenwick", email="ada@example.org"))
    participation.cohort.coordinator = lena
    participation.cohort.save()
    return participation.person


def waiting(kind=DUE):
    return {one.lead: one for one in Message.objects.filter(kind=kind, state="planned")}


@pytest.mark.django_db
def test_a_certificate_plans_its_letters_and_the_next_one_takes_them_away(ada, lena):
    today = timezone.localdate()
    old = make_certificate(ada, months_later(today, -20))
    assert not waiting()

    operations.accept(old, by=lena)

    assert waiting().keys() == {"90d", "30d", "7d", "0d", "late1", "late2", "late3", "late4"}
    assert waiting(DUE_TO_LEAD).keys() == {"30d", "7d", "late1"}
    assert {one.person for one in waiting(DUE_TO_LEAD).values()} == {lena}
    assert sweeping.sweep() == 0
    new = make_certificate(ada, today)
    operations.accept(new, by=lena)
    assert {one.subject_id for one in waiting().values()} == {new.pk}


@pytest.mark.django_db
def test_while_somebody_is_away_nothing_waits_and_a_day_missed_is_made_up_once(ada, lena, settings):
    settings.QUIET_HOURS = False
    today = timezone.localdate()
    time = ada.participations.get()
    operations.accept(make_certificate(ada, months_later(today, -24) + 20 * DAY), by=lena)
    participations.defer(time, by=lena, reason="other", on=today)
    assert not waiting()
    assert not waiting(DUE_TO_LEAD)

    participations.resume(time, by=lena, on=today)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=True):
        certificate_reminders.plan_of_people([ada.pk])
    certificate_reminders.plan_of_people([ada.pk])
    letters = [one for one in deliver(settings) if one["To"] and "ada@" in str(one["To"])]

    assert len([one for one in letters if "safeguarding training is due" in one["Subject"]]) == 1
    assert "30d" not in waiting()
    said = " ".join(letters[0].get_body(("plain",)).get_content().split())
    assert "hand in the certificate once you have it" in said
    assert "Harbour Safeguarding" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["withdraw", "complete"])
def test_whoever_has_left_is_written_to_no_more(ada, lena, step):
    today = timezone.localdate()
    operations.accept(make_certificate(ada, months_later(today, -20)), by=lena)
    time = ada.participations.get()

    if step == "withdraw":
        participations.withdraw(time, by=lena, reason="other", on=today)
    else:
        time.changes.filter(kind="started").exists()
        type(time).objects.filter(pk=time.pk).update(state="completed", held_to=today)
        certificate_reminders.plan_of_people([ada.pk])

    assert not waiting()
    assert not waiting(DUE_TO_LEAD)
