"""Bringing people in, choosing row by row and taking it back: in a browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cohorts.models import Cohort, ImportRun, Participation, Person
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.tests.eyes import look_at
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.browser

LONG = "Oluwaseun Anthonia Wilhelmina Featherstonehaugh-Winterbottom"
FILE = "\n".join(
    [
        "Name,E-mail,TRN,Status,Since",
        f"{LONG},new@example.org,,,",
        "Tom Okafor,tom@example.org,,Deferred,",
        "Bea Hall,bea@example.org,1234567,,",
        *(f"Leader Number{n},leader{n}@example.org,,," for n in range(120)),
    ]
)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request) -> bool:
    return request.param


@pytest.fixture
def desk(has_scripts, live_server: LiveServer, chromium: Browser, settings) -> Iterator[Page]:
    """The browser of a coordinator, signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(make_staff("Lena Hart"))
    context = chromium.new_context(
        base_url=live_server.url,
        locale="en-GB",
        reduced_motion="reduce",
        java_script_enabled=has_scripts,
    )
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def cohort() -> Cohort:
    make_participation(make_person(LONG, email="old@example.org", phone="07700 900123"))
    make_person("Bea Hall", email="bea@example.org", trn="7654321")
    return make_cohort("2026 Cohort")


def test_a_file_is_looked_at_chosen_from_brought_in_and_taken_back(
    desk: Page, cohort: Cohort, has_scripts: bool
):
    wrong: list[str] = []
    desk.goto(reverse("cohorts:import_people", args=[cohort.pk]))
    desk.set_input_files(
        "input[type=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    desk.get_by_role("button", name="Look at the rows").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("120 people to bring in")
    wrong += look_at(desk) if has_scripts else []

    desk.get_by_label("Take Leader Number0, line 5").uncheck()
    bea = desk.get_by_role("group", name="Whom line 4, Bea Hall, means")
    bea.get_by_label("This is Bea Hall").check()
    desk.get_by_role("button", name="Next").click()
    desk.get_by_label("Take Leader Number119, line 124").uncheck()
    desk.get_by_role("button", name="Left out 1").click()
    expect(desk.get_by_label("Take Leader Number119, line 124")).not_to_be_checked()
    expect(desk.get_by_label("Take Leader Number0, line 5")).not_to_be_checked()
    wrong += look_at(desk) if has_scripts else []

    desk.get_by_role("button", name="Bring in 119 people").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("119 saved")
    expect(desk.get_by_text("4 not saved.")).to_be_visible()
    assert Participation.objects.filter(cohort=cohort).count() == 119
    wrong += look_at(desk) if has_scripts else []

    Person.objects.get_queryset().filter(full_name="Leader Number7").update(
        last_login="2099-01-01T00:00Z"
    )
    desk.get_by_role("link", name="Take this import back").click()
    wrong += look_at(desk) if has_scripts else []
    desk.get_by_role("button", name="Take 118 rows back").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Taken back")
    wrong += look_at(desk) if has_scripts else []

    assert ImportRun.objects.get().state == "reverted"
    assert Participation.objects.filter(cohort=cohort, state="active").count() == 1
    assert wrong == []
