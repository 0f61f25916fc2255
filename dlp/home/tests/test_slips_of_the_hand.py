"""Addresses and days that nobody means: each page answers, and says so where somebody typed them."""

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_cohort, make_person
from dlp.asking import done
from training.models import Booking
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db
ENDS_A_TEXT = "\0winter"


def test_what_the_database_cannot_hold_is_looked_for_all_the_same(client, lena, cohort):
    client.force_login(lena)
    pages = [
        reverse("home:search"),
        reverse("training:invite", args=[make_session(cohorts=[cohort]).pk]),
        reverse("training:register_add", args=[make_past(cohorts=[cohort]).pk]),
    ]

    assert [client.get(page, {"q": ENDS_A_TEXT}).status_code for page in pages] == [200] * 3


def test_a_reason_is_kept_without_what_the_database_cannot_hold(client, percy, cohort):
    session = make_session(cohorts=[cohort])
    make_booking(session, percy, state=Booking.State.INVITED)
    client.force_login(percy)

    client.post(
        reverse("training:reply", args=[session.pk]), {"answer": "no", "reason": ENDS_A_TEXT}
    )

    assert session.bookings.get().reply_reason == "winter"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("view", ["month", "week"])
def test_a_month_beyond_the_calendar_is_this_one(client, lena, day, view):
    client.force_login(lena)

    page = client.get(reverse("training:calendar"), {"view": view, "on": day})

    assert page.context["span"].first <= timezone.localdate() <= page.context["span"].last


def test_a_year_with_too_few_or_too_many_figures_is_refused_at_the_field(client, lena, tom):
    client.force_login(lena)
    days = {"starts_on": "0026-12-01", "ends_on": "9999-12-31"}

    page = client.post(reverse("home:covers"), {"covered_by": tom.pk, **days})

    wrong = page.context["form"].errors
    assert "The year 26 cannot be meant" in wrong["starts_on"][0]
    assert "The year 9999 cannot be meant" in wrong["ends_on"][0]
    assert 'value="0026-12-01"' in page.content.decode()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: make_cohort("2041 Cohort"), "Another cohort has this name."),
        (lambda: make_person(email="a@example.org"), "Somebody has just saved the same."),
    ],
    ids=["named rule", "unique column"],
)
def test_the_second_of_two_who_save_the_same_at_once_is_told(make, sentence):
    make()
    form = forms.Form({})

    assert done(form, transaction.atomic(make)) is None
    assert sentence in form.non_field_errors()[0]


def test_what_is_left_empty_is_asked_for_in_our_words(client, lena):
    client.force_login(lena)

    page = client.post(reverse("training:group_add"), {"name": ""})

    said = page.context["form"].errors
    assert said["supervisor"] == ["Say who supervises."]
    assert forms.CharField().error_messages["required"] == "This is needed."
