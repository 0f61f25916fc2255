"""What Django's admin draws with scripts of its own: legible by night, and within our rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cohorts.tests.factories import make_person
from dlp.home.colours import ratio
from dlp.tests.browsers import LAPTOP, PHONE
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.browser

GROUND = """element => {
    while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)") element = element.parentElement;
    return getComputedStyle(element).backgroundColor;
}"""


@pytest.fixture
def desk(live_server: LiveServer, chromium: Browser, settings) -> Iterator[Page]:
    """The browser of whoever set the programme up, signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(make_person("Lena Hart", is_staff=True, is_superuser=True))
    context = chromium.new_context(
        base_url=live_server.url, locale="en-GB", timezone_id="Europe/London"
    )
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_widgets_can_be_read_and_used_by_day_and_by_night(desk: Page):
    complaints: list[str] = []
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    desk.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    for number, (scheme, size) in enumerate((("dark", PHONE), ("light", LAPTOP))):
        desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        desk.set_viewport_size(size)
        a_cohort_is_added(desk, f"202{number} Cohort")
        a_school_is_looked_up(desk)
        a_group_is_changed(desk)

    assert complaints == []


def a_cohort_is_added(page: Page, name: str) -> None:
    """A day from the browser's calendar, regions to tick, somebody chosen from a list."""
    page.goto("/admin/cohorts/cohort/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("First day").fill("2027-09-01")
    page.get_by_label("London").check()
    coordinator = page.get_by_label("Coordinator")
    coordinator.select_option(label="Lena Hart")
    assert_legible(coordinator)
    assert_fits(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name=name).first).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("London")


def a_school_is_looked_up(page: Page) -> None:
    """In a window of its own, without the rail."""
    page.goto("/admin/training/venue/add/")
    page.locator(".add-row a").click()
    expect(page.locator('[name="operators-0-starts_on"]')).to_have_attribute("type", "date")
    assert_fits(page)
    with page.expect_popup() as opened:
        page.locator(".related-lookup").click()
    window = opened.value
    expect(window.get_by_role("heading", name="Schools", level=1)).to_be_visible()
    expect(window.get_by_role("navigation", name="Programme")).to_have_count(0)
    window.close()


def a_group_is_changed(page: Page) -> None:
    page.goto("/admin/auth/group/")
    page.get_by_role("link", name="Read only").click()
    for title in (".selector-available-title label", ".selector-chosen-title label"):
        assert_legible(page.locator(title))
    page.locator(".selector-available option").first.click()
    assert_legible(page.locator(".selector-chooser button").first)
    assert_fits(page)


def assert_legible(place: Locator) -> None:
    expect(place).to_be_visible()
    words = place.evaluate("element => getComputedStyle(element).color")
    assert ratio(as_hex(words), as_hex(place.evaluate(GROUND))) >= 4.5


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def as_hex(colour: str) -> str:
    """rgb(18, 26, 23) as #121a17"""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
