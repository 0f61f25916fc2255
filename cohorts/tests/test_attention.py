"""What the desk is told about people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.attention import people_waiting
from cohorts.models import Participation, Person
from cohorts.operations import participations
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.attention import Line, lines_for, register

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def keys(person, today):
    return [line.key.split(":")[0] for line in people_waiting(person, today)]


def test_nothing_waits_when_all_is_well(lena, percy, today):
    assert people_waiting(lena, today) == []


def defer(participation, lena, today, **days):
    return participations.defer(participation, by=lena, reason="other", on=today - 40 * DAY, **days)


def test_a_deferral_is_on_the_desk_from_a_week_before_its_review(lena, percy, today):
    defer(percy.participations.get(), lena, today, review_on=today)

    assert keys(lena, today - 8 * DAY) == []
    (near,) = people_waiting(lena, today - 7 * DAY)
    (line,) = people_waiting(lena, today)
    assert (near.sign, line.sign) == ("soon", "due")
    assert line.title == "Look again at Percy Adeyemi’s deferral"


def test_another_day_for_the_review_takes_it_off_the_desk(lena, percy, today):
    held = defer(percy.participations.get(), lena, today, review_on=today)
    participations.review(held, by=lena, review_on=today + 30 * DAY)

    assert people_waiting(lena, today) == []


@pytest.mark.parametrize(("days", "sign"), [(15, None), (14, "soon"), (0, "soon"), (-1, "bad")])
def test_people_due_back_are_named_in_time(lena, percy, today, days, sign):
    defer(percy.participations.get(), lena, today, expected_return_on=today + days * DAY)

    signs = [line.sign for line in people_waiting(lena, today)]

    assert signs == ([sign] if sign else [])


def test_a_return_takes_the_line_away(lena, percy, today):
    held = defer(percy.participations.get(), lena, today, expected_return_on=today)
    participations.resume(held, by=lena)

    assert people_waiting(lena, today) == []


def test_a_first_day_that_passed_is_asked_about(lena, today):
    make_participation(state=Participation.State.ACCEPTED)

    assert keys(lena, today) == ["cohorts.not_started"]


def test_a_start_recorded_ahead_is_not_asked_about(lena, cohort, today):
    participations.add_to_cohort(make_person(), cohort, by=lena, starts_on=today + 9 * DAY)

    assert people_waiting(lena, today) == []


def test_someone_invited_a_week_ago_and_silent_is_named(lena, today):
    silent = make_person("Ada Fenwick")
    Person.objects.filter(pk=silent.pk).update(invited_at=timezone.now() - 8 * DAY)

    assert keys(lena, today) == ["cohorts.silent"]
    Person.objects.filter(pk=silent.pk).update(last_login=timezone.now())
    assert people_waiting(lena, today) == []


def test_a_whole_silent_cohort_is_one_line(lena, today):
    for number in range(4):
        silent = make_person(f"Leader {number}")
        Person.objects.filter(pk=silent.pk).update(invited_at=timezone.now() - 8 * DAY)

    assert keys(lena, today) == ["cohorts.silent"]


def test_a_cohort_with_free_places_is_named_sixty_days_ahead(lena, today):
    make_cohort("2027 Cohort", starts_on=today + 60 * DAY, target_size=2)

    (line,) = people_waiting(lena, today)
    assert line.title == "2027 Cohort has 0 people for 2 places"
    assert people_waiting(lena, today - DAY) == []


def test_only_those_who_can_act_are_told(today, percy):
    make_participation(state=Participation.State.ACCEPTED)

    assert people_waiting(make_staff("Iris Page", READ_ONLY), today) == []
    assert people_waiting(percy, today) == []


def test_what_is_wrong_comes_first(lena, today, monkeypatch):
    monkeypatch.setattr("dlp.attention._providers", [])
    lines = [Line(f"x:{sign}", sign, "", "", "/", "", "") for sign in ("soon", "bad", "due")]
    provider = register(lambda person, day: lines)
    register(provider)

    assert [line.sign for line in lines_for(lena, today)] == ["bad", "due", "soon"]


def test_lines_about_a_cohort_belong_to_its_coordinator(lena, cohort, today):
    deferred = make_participation(cohort=cohort)
    defer(deferred, lena, today, review_on=today)
    make_participation(cohort=cohort, state="accepted", starts_on=today)
    silent = make_participation(cohort=cohort).person
    silent.invited_at = timezone.now() - 8 * DAY
    silent.save()
    small = make_cohort(starts_on=today + 9 * DAY)
    for one in (cohort, small):
        one.coordinator = lena
        one.save()

    owners = [(line.key.split(":")[0], line.owners) for line in people_waiting(lena, today)]

    kinds = ["review", "not_started", "silent", "small"]
    assert owners == [(f"cohorts.{kind}", (lena.pk,)) for kind in kinds]


def test_lines_that_nobody_coordinates_belong_to_nobody(lena, cohort, today):
    make_participation(cohort=cohort, state="accepted", starts_on=today)

    assert [line.owners for line in people_waiting(lena, today)] == [()]
