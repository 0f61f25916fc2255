"""A certificate: photographed and handed in on a telephone, and accepted by somebody of the programme."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.tests.eyes import look_at
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.browser

A_PHOTO = {"name": "IMG_0412.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff a photo"}
NO_PHOTO = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"PK\x03\x04 zip"}


def page_of(person: Person, chromium: Browser, server: LiveServer, settings, width: int) -> Page:
    """The browser of somebody, signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(person, second_factor_shown=True)
    context = chromium.new_context(
        base_url=server.url,
        locale="en-GB",
        reduced_motion="reduce",
        viewport={"width": width, "height": 780},
    )
    key = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": key, "url": server.url}])
    return context.new_page()


def test_a_certificate_is_handed_in_on_a_telephone_and_accepted_at_the_desk(
    live_server: LiveServer, chromium: Browser, settings
):
    ada = make_participation(make_person("Ada Fenwick", email="ada@example.org")).person
    phone = page_of(ada, chromium, live_server, settings, 360)
    desk = page_of(make_staff("Lena Hart"), chromium, live_server, settings, 1280)
    wrong: list[str] = []

    phone.goto(reverse("training:my_learning"))
    phone.get_by_role("link", name="My safeguarding training").click()
    wrong += look_at(phone)
    phone.get_by_role("link", name="Hand in a certificate").click()
    phone.get_by_label("Course").fill("Designated safeguarding lead")
    phone.get_by_label("Who gave it").fill("Harbour Council")
    phone.get_by_label("Completed on").fill(str(timezone.localdate()))
    phone.get_by_label("Hours").fill("12")
    phone.set_input_files("input[type=file]", NO_PHOTO)
    phone.get_by_role("button", name="Hand it in").click()
    expect(phone.get_by_text("This file is no PDF, JPEG or PNG").first).to_be_visible()
    expect(phone.get_by_label("Who gave it")).to_have_value("Harbour Council")
    wrong += look_at(phone)
    phone.set_input_files("input[type=file]", A_PHOTO)
    phone.get_by_role("button", name="Hand it in").click()
    expect(phone.get_by_text("In review: it counts until")).to_be_visible()

    desk.goto(reverse("training:safeguarding_list"))
    wrong += look_at(desk)
    desk.get_by_role("link", name="Look at it").click()
    with desk.expect_download() as handed_out:
        desk.get_by_role("link", name="IMG_0412.jpg").click()
    assert handed_out.value.suggested_filename == "IMG_0412.jpg"
    wrong += look_at(desk)
    desk.get_by_role("button", name="Accept it").click()
    expect(desk.get_by_text("Accepted, and Ada Fenwick is written to.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("In review: it counts until")).to_have_count(0)
    expect(phone.get_by_role("img", name="Two-year training")).to_be_visible()
    phone.context.close()
    desk.context.close()
    assert not wrong, "\n".join(wrong)
