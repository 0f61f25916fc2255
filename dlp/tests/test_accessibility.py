"""axe over the pages people use, in the demonstration: a phone by night and a laptop by day."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dlp.tests.browsers import LAPTOP, PHONE, Browsers
from dlp.tests.product import Product

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = ((PHONE, "dark"), (LAPTOP, "light"))
PAGES = {
    "ada.fenwick@example.org": ("/", "/placements/1/", "/me/"),
    "bethan.price@example.org": ("/", "/sessions/", "/placements/67/", "/me/", "/me/details/"),
    "marcus.bell@example.org": ("/", "/placements/1/", "/placements/67/"),
    "ruth.adeyemi@example.org": ("/", "/supervision/19/", "/account/2fa/"),
    "sunita.patel@example.org": ("/", "/sessions/"),
    "grace.whitlock@example.org": (
        "/desk/",
        "/people/",
        "/people/add/",
        "/people/12/",
        "/people/72/",
        "/cohorts/",
        "/cohorts/1/",
        "/cohorts/7/",
        "/cohorts/7/import/",
        "/schools/",
        "/schools/1/",
        "/schools/import/",
        "/sessions/",
        "/sessions/add/",
        "/sessions/1/",
        "/sessions/1/register/",
        "/supervision/",
        "/search/?q=arts",
        "/messages/",
        "/admin/",
        "/admin/training/session/",
        "/admin/cohorts/person/72/change/",
        "/help/",
    ),
}


def test_no_page_of_the_demonstration_shuts_anybody_out(product: Product, chromium):
    product.start(with_demo=True)
    browsers = Browsers(product, chromium)
    found = [
        problem
        for email, paths in PAGES.items()
        for page in [browsers.sign_in(email)]
        for path in paths
        for problem in problems_of(page, f"{product.address}{path}", browsers.complaints)
    ]

    assert found == []
    assert browsers.complaints == []


def problems_of(page: Page, address: str, complaints: list[str]) -> list[str]:
    """What axe finds on a page in each look, and whether it is wider than its window.

    What the browser complains about while axe works is axe's own: styles that our policy refuses.
    """
    found = []
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        response = page.goto(address)
        assert response is not None
        where = f"{address} at {size['width']} px, {scheme}"
        if response.status != 200:
            found.append(f"{where}: answered {response.status}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{where}: wider than its window")
        heard = len(complaints)
        violations = Axe().run(page, options=RULES).response["violations"]
        page.evaluate("document.title")  # whatever axe caused has been heard by now
        del complaints[heard:]
        for broken in violations:
            targets = ", ".join(str(node["target"]) for node in broken["nodes"][:3])
            found.append(f"{where}: {broken['id']} at {targets}")
    return found
