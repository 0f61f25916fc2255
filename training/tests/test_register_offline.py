"""A register taken where there is no signal: taps wait on the phone, arrive later, and end with the session."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from cohorts.tests.factories import make_person, make_staff
from dlp.tests.browsers import PHONE
from dlp.tests.people import FrontDoorClient
from training.models import Booking
from training.tests.factories import make_booking, make_running

pytestmark = pytest.mark.browser
KEPT = """async () => {
  const open = await new Promise((done) => {
    const asked = indexedDB.open("dlp-taps");
    asked.onsuccess = () => done(asked.result);
  });
  const names = [...open.objectStoreNames];
  if (!names.length) { open.close(); return []; }
  const rows = await new Promise((done) => {
    const asked = open.transaction("taps").objectStore("taps").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  open.close();
  return rows;
}"""


def test_taps_made_offline_wait_arrive_and_are_gone_after_signing_out(
    live_server: LiveServer, chromium: Browser, settings
):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "session", False
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(make_staff("Lena Hart"))
    session = make_running()
    people = [make_person(name) for name in ("Ada Fenwick", "Bethan Price", "Tom Okafor")]
    ada, bethan, tom = (make_booking(session, person) for person in people)
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport=PHONE)
    key = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("training:register", args=[session.pk]))

    def tap(name: str, mark: str) -> None:
        page.get_by_role("group", name=name).get_by_text(mark, exact=True).click()

    tap("Ada Fenwick", "Present")
    expect(page.get_by_text("1 of 3 marked.")).to_be_visible()
    context.set_offline(True)
    tap("Bethan Price", "Late")
    expect(page.get_by_text("1 tap waits on this phone.")).to_be_visible()
    tap("Ada Fenwick", "Left early")
    expect(page.get_by_text("2 taps wait on this phone.")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert [set(one) for one in kept] == [{"url", "name", "mark", "at"}] * 2
    assert "Bethan" not in str(kept)
    context.set_offline(False)

    expect(page.get_by_text("2 of 3 marked.")).to_be_visible(timeout=25_000)
    expect(page.get_by_text("wait on this phone.")).to_have_count(0)
    marks = dict(session.bookings.values_list("pk", "attendance"))
    assert marks == {ada.pk: "left_early", bethan.pk: "late", tom.pk: ""}
    assert Booking.objects.get(pk=bethan.pk).taps.get().mark == "late"

    context.set_offline(True)
    tap("Tom Okafor", "Absent")
    expect(page.get_by_text("1 tap waits on this phone.")).to_be_visible()
    context.clear_cookies()
    context.set_offline(False)
    page.goto(reverse("account_login"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_function(f"async () => (await ({KEPT})()).length === 0")
    context.close()
