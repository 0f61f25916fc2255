"""The two years come out of a printer on one sheet of A4."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Route

from cohorts.tests.factories import make_person, make_staff
from dlp.home.tests.asking import page
from dlp.home.tests.plans import come_along, on_the_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

STATIC = settings.BASE_DIR / "static"


@pytest.mark.parametrize("days", [-60, 20, 450, 729])
def test_a_whole_plan_prints_on_one_sheet(client, chromium, days):
    """Before it begins, at its beginning, late in it and on its last day."""
    first = timezone.localdate() - timedelta(days=days)
    one = on_the_plan(make_person("Bethan Price"), first, by=make_staff())
    come_along(one)
    text = page(client, one.person, "home:two_years", one.person.pk)
    sheet = chromium.new_page()
    sheet.route("**/*", lambda route: serve(route, text))
    sheet.goto("http://localhost/")

    printed = sheet.pdf(prefer_css_page_size=True)
    sheet.close()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed


def serve(route: Route, text: str) -> None:
    """The page, and beside it the files that it stands on."""
    path = route.request.url.removeprefix("http://localhost/")
    if not path:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")
    elif (file := STATIC / path.removeprefix("static/")).is_file():
        route.fulfill(path=file)
    else:
        route.abort()
