"""A twilight on a phone, in a real browser: propose one, sign up, wait, be offered a place, take it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.tests.browsers import PHONE
from dlp.tests.people import FrontDoorClient
from training.models import Booking, Session, TwilightIdea
from training.operations import bookings, ideas
from training.tests.factories import make_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IDEA = "Ten minutes of reading after lunch"


@pytest.fixture
def ada() -> Person:
    return make_participation(make_person("Ada Fenwick", email="ada@example.org")).person


@pytest.fixture
def phone(ada: Person, live_server: LiveServer, chromium: Browser, settings) -> Iterator[Page]:
    """Ada's phone, signed in."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(ada)
    context = chromium.new_context(
        base_url=live_server.url, locale="en-GB", reduced_motion="reduce", viewport=PHONE
    )
    key = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_from_an_idea_to_a_place_that_was_waited_for(phone: Page, ada: Person):
    phone.goto(reverse("training:twilights"))
    phone.get_by_role("link", name="Propose one").first.click()
    phone.get_by_label("Title").fill(IDEA)
    phone.get_by_label("What changed, and how you know").fill("More of them read at home.")
    phone.get_by_label("Who would be helped by hearing it").fill("Form tutors")
    phone.get_by_label("Strand").select_option(label="Teaching and Learning")
    phone.get_by_role("button", name="Propose it").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(IDEA)
    expect(phone.get_by_role("main")).to_contain_text("Proposed")
    ideas.accept(TwilightIdea.objects.get(), by=make_staff("Lena Hart"))

    session = make_session("Calm corridors", sign_up="programme", capacity=1)
    other = bookings.sign_up(session, make_participation().person, via=Booking.Via.PORTAL).booking
    phone.goto(reverse("training:twilights"))
    phone.get_by_role("link", name="Calm corridors").click()
    phone.get_by_role("button", name="Join the waiting list").click()
    expect(phone.get_by_text("You are next in line.")).to_be_visible()

    bookings.reply(other, coming=False, via=Booking.Via.LETTER)
    phone.goto(reverse("home:home"))
    offered = phone.get_by_role("region", name="Kept for you")
    expect(offered).to_contain_text("A place is kept for you until")
    offered.get_by_role("button", name="Take the place").click()

    expect(phone.get_by_text("The place is yours. You are coming.")).to_be_visible()
    expect(phone.get_by_role("region", name="Kept for you")).to_have_count(0)
    assert Session.objects.get().bookings.get(person=ada).state == Booking.State.COMING
