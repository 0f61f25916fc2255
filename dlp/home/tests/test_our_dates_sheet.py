"""A school's term of dates comes out of a printer on one sheet of A4, however full it is."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_person
from dlp.calendar import is_school_day
from dlp.home.term_calendar import school_term
from dlp.home.tests.asking import page
from dlp.home.tests.test_two_years_sheet import serve
from placements.tests.factories import make_contact, make_placement, make_school
from training.models import Booking
from training.tests.factories import make_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LEADERS, DAYS_OUT = 12, 48


def coming_term() -> list[date]:
    """The school days of the term after this one."""
    _, _, ended = school_term(timezone.localdate())
    _, first, last = school_term(ended + timedelta(days=14))
    days = (first + timedelta(days=number) for number in range((last - first).days))
    return [day for day in days if is_school_day(day)]


def test_a_full_term_of_many_leaders_prints_on_one_sheet(client, chromium):
    school, marcus = make_school("The ArtsXchange"), make_person("Marcus Bell")
    make_contact(school, marcus)
    people = [make_person(f"Leader Number {number}") for number in range(LEADERS)]
    for person in people:
        make_placement(make_participation(person), school)
    days = coming_term()[:DAYS_OUT]
    assert len(days) == DAYS_OUT
    sessions = [
        make_session(starts_on=day, starts_time=time(9), ends_time=time(15, 30)) for day in days
    ]
    Booking.objects.bulk_create(
        Booking(session=session, person=person, state=Booking.State.COMING)
        for number, session in enumerate(sessions)
        for person in (people * 2)[number % LEADERS :][: 1 + number % 4]
    )
    text = page(client, marcus, "home:our_dates", term="next")
    assert text.count('class="leaf"') == DAYS_OUT
    sheet = chromium.new_page()
    sheet.route("**/*", lambda route: serve(route, text))
    sheet.goto("http://localhost/")

    printed = sheet.pdf(prefer_css_page_size=True)
    sheet.close()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
