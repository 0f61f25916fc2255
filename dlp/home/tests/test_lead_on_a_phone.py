"""A school's lead on a phone: tells what to know, tells of a clash, takes the agreement away, and prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cohorts.tests.factories import make_participation, make_person
from dlp.calendar import is_school_day
from dlp.tests.browsers import PHONE
from dlp.tests.people import FrontDoorClient
from placements.models import Clash, Placement, SchoolProfile
from placements.tests.factories import (
    make_contact,
    make_partnership,
    make_placement,
    make_school,
)
from training.models import Booking
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.browser
PAPER = b"%PDF-1.7 signed"


def next_school_day() -> date:
    day = timezone.localdate() + timedelta(days=2)
    while not is_school_day(day):
        day += timedelta(days=1)
    return day


@pytest.fixture
def placed(db) -> Placement:
    """Ada at the school of Marcus, out on one day to come."""
    school = make_school("The ArtsXchange")
    make_contact(school, make_person("Marcus Bell", email="marcus@example.org"))
    make_partnership(school).agreement.save("agreement.pdf", ContentFile(PAPER))
    ada = make_participation(make_person("Ada Fenwick"))
    session = make_session(
        starts_on=next_school_day(), starts_time=time(9), ends_time=time(15), cohorts=[ada.cohort]
    )
    make_booking(session, ada.person, state=Booking.State.COMING)
    return make_placement(ada, school)


@pytest.fixture
def phone(live_server, chromium, settings, placed) -> Iterator[Page]:
    """The phone of Marcus, signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(placed.school.contacts.get().person)
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport=PHONE)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def test_a_lead_does_all_that_a_school_is_asked_for(phone, placed):
    phone.get_by_role("link", name=re.compile("^Write it down")).click()
    phone.get_by_label("Start time").fill("08:15")
    phone.get_by_label("Parking").fill("Behind the hall.")
    phone.get_by_role("button", name="Save: it is true today").click()
    expect(phone.get_by_role("heading", name="The ArtsXchange")).to_be_visible()
    expect(phone.get_by_text("Behind the hall.")).to_be_visible()
    assert SchoolProfile.objects.get().arrive_at == time(8, 15)

    with phone.expect_download() as paper:
        phone.get_by_role("link", name=re.compile("^Download the agreement")).click()
    assert paper.value.path().read_bytes() == PAPER

    phone.get_by_role("navigation").get_by_role("link", name="Dates").last.click()
    if phone.get_by_label("Which day").count() == 0:
        phone.get_by_role("link", name=re.compile("^See the")).click()
    phone.get_by_label("Which day").select_option(f"{placed.school_id}:{next_school_day()}")
    phone.get_by_label("What it clashes with").fill("Mock exams all week.")
    phone.get_by_role("button", name="Tell the programme team").click()
    expect(phone.get_by_text("With the programme team")).to_be_visible()
    assert Clash.objects.get().day == next_school_day()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    for address in (phone.url, reverse("placements:day_one", args=[placed.pk])):
        phone.goto(address)
        printed = phone.pdf(prefer_css_page_size=True, format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
