"""A world that is committed and shown by a server, and those who look at its pages in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from cohorts.tests.factories import make_person
from dlp.embedded import mailbox
from dlp.home import demo
from dlp.tests.eyes import LASTING, Look, glance_at, look_at
from dlp.tests.renewing import renew
from dlp.tests.test_permissions import LETTER, LETTER_PAGES, MAILBOX_TOKEN
from dlp.tests.world import UNHURRIED, Walker, World, make_world

# A cookie named __Host- can only be set by the server itself.
COOKIES_TO_HAND_OVER = {"SESSION_COOKIE_NAME": "session", "SESSION_COOKIE_SECURE": False}


@contextmanager
def committed_world(mail: Path) -> Iterator[World]:
    """The demonstration, and beside it one person in every role; gone again at the end."""
    here = {"EMAIL_URL": "", "MAILBOX_DIR": mail, "MAILBOX_TOKEN": MAILBOX_TOKEN}
    with override_settings(**here, **COOKIES_TO_HAND_OVER, **UNHURRIED):
        try:
            demo.build(timezone.localdate())
            key = mailbox.deliver(LETTER, to="percy@example.org")
            world = make_world()
            world.add("nobody", make_person("Noor Nobody"))
            world.things |= dict.fromkeys(LETTER_PAGES, {"token": MAILBOX_TOKEN, "key": key})
            yield world
        finally:
            renew()


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
            context.set_default_navigation_timeout(90_000)
            context.add_init_script(LASTING)
            self.let_in(context, role)
            self.pages[role] = context.new_page()
        return self.pages[role]

    def let_in(self, context: BrowserContext, role: str) -> None:
        cookie = self.clients[role].cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server}])

    def open(self, role: str, path: str, *, status: int = 200) -> Page:
        page = self.page(role)
        response = page.goto(f"{self.server}{path}")
        assert response is not None
        assert response.status == status, f"{path} answers {role} {response.status}"
        return page

    def problems(
        self, role: str, path: str, look: Look = look_at, *, status: int = 200
    ) -> list[str]:
        page = self.open(role, path, status=status)
        return [f"{path} for {role}, {problem}" for problem in look(page)]

    def glances(self, role: str, path: str, *, status: int = 200) -> list[str]:
        return self.problems(role, path, glance_at, status=status)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
