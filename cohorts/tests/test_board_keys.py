"""The progress board under the fingers: one tab stop a row, arrows along it, a list on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cohorts.operations.requirements import Outcome, Source, report_requirement
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
)
from dlp.tests.browsers import LAPTOP, PHONE
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.browser


@pytest.fixture
def board(live_server, chromium, settings):
    """The board of two people with two things each, one of them stuck, in the browser of a coordinator."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    cohort = make_cohort("2026 Cohort")
    for name, late in (("Ada Fenwick", 9), ("Tom Okafor", -9)):
        joined = make_participation(make_person(name), cohort)
        day = timezone.localdate() - timedelta(days=late)
        for key in ("inclusion", "training", "reflection"):
            make_plan_item(joined, key, due_on=day)
        for key in ("inclusion", "training"):
            source = Source("test", 1)
            report_requirement(joined, key, source=source, state=Outcome.MET, on=day, by=None)
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(make_staff("Lena Hart"))
    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("cohorts:board", args=[cohort.pk]))
    yield page
    context.close()


def test_a_row_is_one_tab_stop_and_arrows_move_along_and_between_rows(board):
    board.set_viewport_size(LAPTOP)
    ada, tom = (
        board.get_by_role("link", name="Ada Fenwick"),
        board.get_by_role("link", name="Tom Okafor"),
    )

    ada.focus()
    board.keyboard.press("Tab")
    expect(tom).to_be_focused()

    board.keyboard.press("ArrowRight")
    board.keyboard.press("ArrowRight")
    expect(board.locator("tbody tr").nth(1).locator("a").nth(2)).to_be_focused()
    board.keyboard.press("ArrowUp")
    expect(board.locator("tbody tr").nth(0).locator("a").nth(2)).to_be_focused()
    board.keyboard.press("Shift+Tab")
    board.keyboard.press("Tab")
    expect(board.locator("tbody tr").nth(0).locator("a").nth(2)).to_be_focused()
    board.keyboard.press("Home")
    expect(ada).to_be_focused()


def test_on_a_phone_it_is_the_list_of_who_is_stuck(board):
    board.set_viewport_size(PHONE)

    expect(board.get_by_text("Ada Fenwick")).to_be_visible()
    expect(board.get_by_text("Reflection, 9 days")).to_be_visible()
    expect(board.get_by_text("Tom Okafor")).to_be_hidden()
    expect(board.get_by_text("The others are not stuck.")).to_be_visible()
