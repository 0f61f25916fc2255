"""The calendar by month and by week."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_person
from training.models import Kind
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db

MONTH = {"view": "month", "on": "2035-11-07"}


def page(client, **asked: object) -> str:
    """As everybody sees it who asks for everybody's."""
    told = {"whose": "all", **asked}
    return str(client.get(reverse("training:calendar"), told).content.decode())


def test_a_month_shows_every_day_it_touches_and_what_goes_on_for_days(client, lena: Person):
    make_session("Calm starts", starts_on=date(2035, 11, 15))
    make_session(
        "Together", kind=Kind.RESIDENTIAL, starts_on=date(2035, 11, 30), ends_on=date(2035, 12, 2)
    )
    make_session("Next month", starts_on=date(2035, 12, 10))
    client.force_login(lena)

    shown = page(client, **MONTH)

    assert "November 2035" in shown
    assert shown.count("Calm starts</a>") == 1
    assert shown.count("Together</a>") == 3
    assert "Next month" not in shown
    assert 'datetime="2035-10-29"' in shown
    assert 'datetime="2035-12-02"' in shown
    assert "Next month" in page(client, view="month", on="2035-12-01")


def test_a_week_by_kind_and_cohort_names_the_school_holidays(client, lena: Person):
    cohort = make_cohort()
    make_session("Calm starts", starts_on=date(2035, 12, 27), cohorts=[cohort])
    make_session("Elsewhere", starts_on=date(2035, 12, 28))
    client.force_login(lena)

    shown = page(client, view="week", on="2035-12-27", cohort=cohort.pk)

    assert "Calm starts" in shown
    assert "Elsewhere" not in shown
    assert "School holidays" in shown
    assert "Calm starts" not in page(client, view="week", on="2035-12-27", kind="residential")


def test_people_see_their_own_days_and_nonsense_is_passed_over(client):
    ada = make_person("Ada Fenwick")
    make_booking(make_session("Mine", starts_on=date(2035, 11, 15)), ada)
    make_session("Of others", starts_on=date(2035, 11, 15))
    client.force_login(ada)

    shown = page(client, **MONTH)
    assert "Mine" in shown
    assert "Of others" not in shown
    assert "Sessions" in page(client, view="year", on="soon")


@pytest.mark.parametrize("view", ["", "month"])
def test_staff_begin_with_what_is_theirs_and_everybodys_is_one_tap_away(
    client, lena: Person, view: str
):
    cohort = make_cohort()
    cohort.coordinator = lena
    cohort.save()
    day = {"starts_on": date(2035, 11, 15)}
    make_session("Lena leads", facilitators=[lena], **day)
    make_session("Of her cohort", cohorts=[cohort], state="draft", **day)
    make_session("Of others", cohorts=[make_cohort()], **day)
    client.force_login(lena)

    mine = page(client, view=view, on="2035-11-15", whose="")
    everybodys = page(client, view=view, on="2035-11-15")

    assert ("Lena leads" in mine, "Of her cohort" in mine, "Of others" in mine) == (
        True, True, False,
    )  # fmt: skip
    assert "whose=all" in mine
    assert "Of others" in everybodys
    assert '<input type="hidden" name="whose" value="all"' in everybodys
    assert "Show everybody’s" in page(client, kind="", whose="", when="past")


def test_more_sessions_take_no_more_queries(client, lena: Person, django_assert_max_num_queries):
    for day in range(1, 29):
        make_session(starts_on=date(2035, 11, day))
    client.force_login(lena)

    with django_assert_max_num_queries(8):
        page(client, **MONTH)
