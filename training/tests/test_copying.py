"""A cohort's calendar is copied for the next cohort, shifted by terms, as drafts."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.calendar import is_school_day
from dlp.outbox.models import Message
from placements.models import ClosedDays
from placements.tests.factories import make_placement, make_school
from training.advice import warnings_about
from training.models import Kind, Session
from training.repeats import terms_between, terms_later
from training.tests.factories import make_booking, make_session, make_venue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "terms", "later"),
    [
        (date(2026, 9, 15), 3, date(2027, 9, 14)),
        (date(2026, 11, 26), 3, date(2027, 11, 25)),
        (date(2027, 1, 14), 1, date(2027, 4, 22)),
        (date(2026, 10, 8), 1, date(2027, 2, 11)),
    ],
)
def test_a_day_is_found_again_in_the_same_week_of_another_term(day, terms, later):
    assert terms_later(day, terms) == later
    assert (later.weekday(), is_school_day(later)) == (day.weekday(), True)


def test_every_school_day_of_two_years_is_a_school_day_a_year_on():
    for ordinal in range(date(2025, 9, 1).toordinal(), date(2027, 7, 20).toordinal()):
        day = date.fromordinal(ordinal)
        if is_school_day(day):
            later = terms_later(day, 3)
            assert later.weekday() == day.weekday()
            assert abs((later - day).days - 364) <= 28
            assert is_school_day(later)


def test_cohorts_are_so_many_terms_apart():
    assert terms_between(date(2026, 9, 1), date(2027, 9, 1)) == 3
    assert terms_between(date(2019, 4, 24), date(2019, 9, 1)) == 1
    assert terms_between(date(2026, 9, 1), date(2026, 9, 14)) == 0


def test_staff_look_first_and_then_copy_drafts_that_send_nothing(client, lena: Person):
    old = make_cohort("2034 Cohort", starts_on=date(2034, 9, 1))
    new = make_cohort("2035 Cohort", starts_on=date(2035, 9, 1))
    leader = make_person("Sunita Patel")
    day = make_session(
        "Calm starts", starts_on=date(2034, 11, 16), cohorts=[old], facilitators=[leader],
        join_link="https://meet.example.org/1",
    )  # fmt: skip
    make_booking(day)
    make_session("Called off", starts_on=date(2034, 11, 23), cohorts=[old], state="cancelled")
    client.force_login(lena)
    page = reverse("training:calendar_copy", args=[old.pk])

    shown = client.get(page, {"target": new.pk}).content.decode()
    assert "Calm starts" in shown
    assert "Called off" not in shown
    assert not Session.objects.filter(cohorts=new).exists()

    for _ in range(2):  # the second time everything is there already
        client.post(page, {"target": new.pk})
    copy = Session.objects.get(cohorts=new)

    assert (copy.title, copy.state, copy.starts_on) == ("Calm starts", "draft", date(2035, 11, 15))
    assert list(copy.facilitators.all()) == [leader]
    assert (copy.join_link, copy.bookings.count()) == ("", 0)
    assert not Message.objects.about("session", copy.pk).exists()


def test_the_preview_names_the_schools_that_are_closed_on_each_day(client, lena: Person):
    old = make_cohort("2034 Cohort", starts_on=date(2034, 9, 1))
    new = make_cohort("2035 Cohort", starts_on=date(2035, 9, 1))
    host, other = make_school("Rowan House"), make_school("Beech Place")
    make_placement(make_participation(make_person(), new), host)
    led_by = make_placement(make_participation(make_person(), old), other).participation.person
    for day, leaders in ((date(2034, 11, 16), []), (date(2034, 11, 30), [led_by])):
        make_session(f"On {day}", starts_on=day, cohorts=[old], facilitators=leaders)
    venue = make_venue(school=make_school("Alder Bank"))
    make_session("At Alder", starts_on=date(2034, 12, 7), cohorts=[old], venue=venue)
    for school, first, last in (
        (host, date(2035, 11, 14), date(2035, 11, 30)),
        (other, date(2035, 11, 29), date(2035, 11, 29)),
        (venue.school, date(2035, 11, 14), date(2035, 12, 20)),
    ):
        ClosedDays.objects.create(school=school, starts_on=first, ends_on=last, recorded_by=lena)
    client.force_login(lena)
    page = reverse("training:calendar_copy", args=[old.pk])

    copies = client.get(page, {"target": new.pk}).context["copies"]

    closed = [[said.split(" has ")[0].split(",")[0] for said in copy.closed] for copy in copies]
    assert closed == [["Rowan House"], ["Rowan House", "Beech Place"], ["Alder Bank"]]
    client.post(page, {"target": new.pk})
    drafts = Session.objects.filter(cohorts=new).order_by("starts_at")
    for copy, draft in zip(copies, drafts, strict=True):
        assert set(copy.closed) <= set(warnings_about(draft))


def test_a_calendar_is_copied_for_a_later_cohort_alone(client, lena: Person):
    old = make_cohort("2034 Cohort", starts_on=date(2034, 9, 1))
    soon = make_cohort("Another", starts_on=date(2034, 9, 20))
    make_session(kind=Kind.TWILIGHT, cohorts=[old])
    client.force_login(lena)
    page = reverse("training:calendar_copy", args=[old.pk])

    assert (
        "does not begin in a later term" in client.get(page, {"target": soon.pk}).content.decode()
    )
    assert "Choose the cohort" in client.post(page, {}).content.decode()
