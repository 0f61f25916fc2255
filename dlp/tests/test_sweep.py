"""Every page of the matrix, looked at in a real browser: both schemes, phone to laptop, enlarged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from dlp.embedded import mailbox
from dlp.home import demo
from dlp.tests.eyes import look_at
from dlp.tests.permissions import STAFF, expected, matches
from dlp.tests.routes import Route, routes
from dlp.tests.test_permissions import LETTER, LETTER_PAGES, MAILBOX_TOKEN
from dlp.tests.world import Walker, World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who looks: one of the staff, each kind of member, and whoever is left.
READERS = ("participant", "school lead", "supervisor", "facilitator")
OTHERS = ("staff without second factor", "anonymous")
OWN_ROOMS = ("home", "cohorts", "placements", "training")
# What answers 200 and is no page.
NO_PAGES = {
    "healthz": "a line for monitoring",
    "*_export": "a file",
    "cohorts:import_example": "a file",
    "mfa_login_webauthn": "data for a passkey",
    "admin:jsi18n": "a script",
    "mailbox:letter_html": "a letter, which stands in the frame of mailbox:letter",
}
# A cookie named __Host- can only be set by the server itself.
COOKIES_TO_HAND_OVER = {"SESSION_COOKIE_NAME": "session", "SESSION_COOKIE_SECURE": False}


class Visit(NamedTuple):
    role: str
    route: Route


def visits() -> list[Visit]:
    """Each page as the first who sees it; in our own rooms as every kind of person who does."""
    found = []
    for route in routes():
        if any(matches(pattern, route.name) for pattern in NO_PAGES):
            continue
        staff = [role for role in STAFF if is_open(role, route)][:1]
        members = [role for role in READERS if is_open(role, route)]
        others = [role for role in OTHERS if is_open(role, route)]
        is_own = route.name.partition(":")[0] in OWN_ROOMS
        found += [
            Visit(role, route)
            for role in (staff + members if is_own else (staff + members + others)[:1])
        ]
    return sorted(found, key=lambda visit: visit.role)


def is_open(role: str, route: Route) -> bool:
    return expected(role, route.name, "GET") == "ok"


class Sight:
    """A browser for each role, signed in, looking at the pages of one server."""

    def __init__(self, chromium: Browser, server: str, clients: dict[str, Walker]) -> None:
        self.chromium, self.server, self.clients = chromium, server, clients
        self.pages: dict[str, Page] = {}

    def page(self, role: str) -> Page:
        if role not in self.pages:
            context = self.chromium.new_context(
                locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce"
            )
            self.let_in(context, role)
            self.pages[role] = context.new_page()
        return self.pages[role]

    def let_in(self, context: BrowserContext, role: str) -> None:
        cookie = self.clients[role].cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server}])

    def problems(self, role: str, path: str) -> list[str]:
        page = self.page(role)
        response = page.goto(f"{self.server}{path}")
        assert response is not None
        is_own = not path.startswith("/admin/")
        found = [f"answered {response.status}"]
        if response.status == 200:
            found = look_at(page, twice=is_own)
        return [f"{path} for {role}, {problem}" for problem in found]

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def world(live_server, tmp_path) -> Iterator[World]:
    """The demonstration, and beside it one person in every role."""
    here = {"EMAIL_URL": "", "MAILBOX_DIR": tmp_path, "MAILBOX_TOKEN": MAILBOX_TOKEN}
    with override_settings(**here, **COOKIES_TO_HAND_OVER):
        demo.build(timezone.localdate())
        key = mailbox.deliver(LETTER, to="percy@example.org")
        world = make_world()
        world.things |= dict.fromkeys(LETTER_PAGES, {"token": MAILBOX_TOKEN, "key": key})
        yield world


@pytest.fixture
def sight(world, live_server, chromium) -> Iterator[Sight]:
    sight = Sight(chromium, live_server.url, world.clients)
    yield sight
    sight.close()


def test_no_page_of_the_matrix_shuts_anybody_out(sight, world):
    found = [
        problem
        for visit in visits()
        for problem in sight.problems(visit.role, world.address(visit.route) or "/no-such-thing")
    ]

    assert not found, "\n".join(found)
