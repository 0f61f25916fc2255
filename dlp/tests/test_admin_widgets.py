"""What Django's admin draws with scripts of its own: legible by night, and within our rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dlp.home.colours import ratio
from dlp.tests.browsers import LAPTOP, PHONE, Browsers
from dlp.tests.product import Product

pytestmark = pytest.mark.browser

LENA = "lena.hart@example.org"
GROUND = """element => {
    while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)") element = element.parentElement;
    return getComputedStyle(element).backgroundColor;
}"""


def test_widgets_can_be_read_and_used_by_day_and_by_night(product: Product, chromium):
    browsers = Browsers(product, chromium)
    product.start()
    product.manage("first_staff", LENA, "--name", "Lena Hart")
    page = browsers.sign_in(LENA)
    for number, (scheme, size) in enumerate((("dark", PHONE), ("light", LAPTOP))):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        a_cohort_is_added(page, product.address, f"202{number} Cohort")
        a_school_is_looked_up(page, product.address)
        a_group_is_changed(page, product.address)

    assert browsers.complaints == []


def a_cohort_is_added(page: Page, address: str, name: str) -> None:
    """A day from the browser's calendar, regions to tick, somebody chosen from a list."""
    page.goto(f"{address}/admin/cohorts/cohort/add/")
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


def a_school_is_looked_up(page: Page, address: str) -> None:
    """In a window of its own, without the rail."""
    page.goto(f"{address}/admin/training/venue/add/")
    page.locator(".add-row a").click()
    expect(page.locator('[name="operators-0-starts_on"]')).to_have_attribute("type", "date")
    assert_fits(page)
    with page.expect_popup() as opened:
        page.locator(".related-lookup").click()
    window = opened.value
    expect(window.get_by_role("heading", name="Schools", level=1)).to_be_visible()
    expect(window.get_by_role("navigation", name="Programme")).to_have_count(0)
    window.close()


def a_group_is_changed(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/auth/group/")
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
