"""Programme staff at a laptop: from a school half remembered to a placement that both sides agreed to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cohorts.models import Participation
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.tests.browsers import LAPTOP
from dlp.tests.people import FrontDoorClient
from placements.models import Placement
from placements.operations.schools import add_former_name
from placements.tests.factories import make_contact, make_partnership, make_school

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(db) -> Participation:
    """Of a cohort that begins soon, beside a partner school that was called otherwise."""
    school = make_school("The ArtsXchange")
    add_former_name(school, name="WAC Arts College")
    make_contact(school, make_person("Marcus Bell", email="marcus@example.org"))
    make_partnership(school)
    cohort = make_cohort("2027 Cohort", starts_on=timezone.localdate() + timedelta(days=20))
    return make_participation(make_person("Ada Fenwick"), cohort, state="accepted")


@pytest.fixture
def laptop(live_server, chromium, settings, ada) -> Iterator[Page]:
    """The laptop of Lena, who is signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(make_staff("Lena Hart"))
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport=LAPTOP)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto("/schools/")
    yield page
    context.close()


def test_staff_find_a_school_and_place_somebody_there(laptop, ada):
    laptop.get_by_role("searchbox").last.fill("wac arts colege")
    laptop.get_by_role("searchbox").last.press("Enter")
    expect(laptop).to_have_url(re.compile("colege"))
    laptop.get_by_role("main").get_by_role("link", name="The ArtsXchange").click()
    laptop.get_by_role("link", name="Add an opening").first.click()
    laptop.get_by_label("Cohort").select_option(label="2027 Cohort")
    laptop.get_by_role("button", name="Add the opening").click()
    laptop.get_by_role("heading", name="Associate Leader").get_by_role("link").click()

    laptop.get_by_role("link", name=re.compile("^Pencil in Ada Fenwick")).click()
    laptop.get_by_role("button", name=re.compile("^Pencil")).click()
    laptop.get_by_role("button", name="Propose Ada Fenwick").click()
    expect(laptop.get_by_text("Nobody is pencilled for it.")).to_be_visible()
    laptop.get_by_role("main").get_by_role("link", name="Ada Fenwick").first.click()
    laptop.get_by_role("button", name="Offer it to both").click()
    laptop.get_by_role("button", name="The school said yes").click()
    expect(laptop.get_by_role("button", name="The school said yes")).to_have_count(0)
    laptop.get_by_role("button", name="The leader said yes").click()
    expect(laptop.get_by_text("Agreed", exact=True).first).to_be_visible()

    later = timezone.localdate() + timedelta(days=27)
    laptop.get_by_role("link", name="Change the days").click()
    laptop.get_by_label("First day").fill(f"{later}")
    laptop.get_by_role("button", name="Change the days").click()
    expect(laptop.get_by_text("No answer yet.")).to_have_count(2)
    laptop.get_by_role("button", name="Both said yes").click()
    laptop.get_by_role("button", name="Confirm", exact=True).click()
    expect(laptop.get_by_text("Begins on")).to_be_visible()

    placement = Placement.objects.get()
    assert (placement.state, placement.starts_on) == (Placement.State.CONFIRMED, later)
    assert laptop.evaluate("document.documentElement.scrollWidth") == LAPTOP["width"]
