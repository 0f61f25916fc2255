"""People at their browsers, for journeys through the product as it runs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dlp.tests.product import Product

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 900}
AUTHENTICATOR = "Code from your authenticator"


class Browsers:
    """People at their browsers, and what each keeps between visits."""

    def __init__(self, product: Product, chromium: Browser, *, runs_scripts: bool = True) -> None:
        self.product, self.chromium, self.runs_scripts = product, chromium, runs_scripts
        self.contexts: dict[str, BrowserContext] = {}
        self.seeds: dict[str, str] = {}
        self.complaints: list[str] = []

    def page_of(self, email: str, size: dict[str, int]) -> Page:
        """A page in this person's own browser; whatever it complains about fails the journey."""
        if email not in self.contexts:
            self.contexts[email] = self.chromium.new_context(
                viewport=size,
                locale="en-GB",
                timezone_id="Europe/London",
                java_script_enabled=self.runs_scripts,
            )
        page = self.contexts[email].new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.complaints.append(f"{email}: {error}"))
        page.on("console", lambda line: self._hear(email, line.type, line.text))
        return page

    def sign_in(self, email: str, size: dict[str, int] = LAPTOP) -> Page:
        """In by the code that the mailbox holds; a second factor is set up where one is asked for."""
        page = self.page_of(email, size)
        page.goto(f"{self.product.address}/")
        page.get_by_label("Your e-mail address").fill(email)
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
        page.get_by_label("Code from the mail").fill(self.code_for(email))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "confirm" not in url)
        if page.get_by_role("link", name="Set it up").count():
            self._set_up_authenticator(email, page)
        elif page.get_by_label(AUTHENTICATOR).count():
            page.get_by_label(AUTHENTICATOR).fill(self.figures_of(email))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "2fa" not in url)
        expect(page).not_to_have_title(re.compile("Second step"))
        return page

    def _set_up_authenticator(self, email: str, page: Page) -> None:
        page.get_by_role("link", name="Set it up").click()
        seed = page.locator("code").inner_text()
        counter = int(self.product.now().timestamp()) // 30
        page.get_by_label("Code from the app").fill(format_hotp_value(hotp_value(seed, counter)))
        page.get_by_role("button", name="Use this authenticator").click()
        page.wait_for_url(lambda url: "activate" not in url)
        page.goto(f"{self.product.address}/")

    def figures_of(self, email: str) -> str:
        """What the authenticator of somebody in the demonstration shows now."""
        who = self.product.manage("demo", "--who")
        return re.search(rf"{re.escape(email)}.*authenticator (\d{{6}})", who)[1]  # type: ignore[index]

    def code_for(self, email: str) -> str:
        page = self.letter_to(email, "Your code to sign in")
        found = re.search(r"\b(\d{6})\b", page.locator("main").inner_text())
        for frame in page.frames:
            found = found or re.search(r"\b(\d{6})\b", frame.locator("body").inner_text())
        page.close()
        assert found
        return found[1]

    def letter_to(self, email: str, subject: str) -> Page:
        """The newest letter to this address whose subject begins so, once it has arrived."""
        page = self.page_of("the mailbox", LAPTOP)
        link = page.get_by_role("link", name=re.compile(re.escape(subject)))
        wait_until(
            lambda: page.goto(f"{self.product.mailbox}?to={email}") and link.count() > 0,
            or_say=self.product.letters,
        )
        link.first.click()
        return page

    def _hear(self, email: str, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(f"{email}: {text}")


def wait_until(
    is_so: Callable[[], bool],
    seconds: float = 120,
    or_say: Callable[[], str] = lambda: "It did not come about in time.",
) -> None:
    """Ask again until it is so; every try is a page load or a query, which takes its time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, or_say()
