"""What is wrong with a page for people who see, press or move in other ways than its makers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from dlp.tests.browsers import LAPTOP, PHONE

SCRIPTS = AXE_SCRIPT + Path(__file__).with_name("eyes.js").read_text()
# For a browser that looks at many pages: each page has the eyes already, and opens them when asked.
LASTING = f"window.openEyes = function () {{ {SCRIPTS} }};"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Style sheets are not read again: only the rule on locked orientation needs it, and ours lock none.
RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}, "css-orientation-lock": {"enabled": False}},
    "preload": False,
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "preload": False}
LOOKS = ((PHONE, "dark", RULES), (LAPTOP, "light", RULES))
SWAPPED = ((PHONE, "light", CONTRAST), (LAPTOP, "dark", CONTRAST))
Look = Callable[[Page], list[str]]
ZOOMED = (640, 320)  # what is left of 1,280 px at twice and at four times the size
THUMBED = "button, .button, summary, select, .thumbs a, main input:not([type=hidden])"


def look_at(page: Page) -> list[str]:
    """Everything wrong with the page that is open: by night on a phone, by day on a laptop, enlarged."""
    return looked_at(page, LOOKS)


def look_twice_at(page: Page) -> list[str]:
    """The same, and the contrast of each scheme on the other screen."""
    return looked_at(page, LOOKS + SWAPPED)


def glance_at(page: Page) -> list[str]:
    """What is wrong on a phone by night: for a page in one more of its states."""
    return looked_at(page, LOOKS[:1])


def looked_at(page: Page, looks: tuple[tuple[Any, Any, dict[str, Any]], ...]) -> list[str]:
    ask(page, "openEverything")
    return [problem for look in looks for problem in see(page, *look)] + enlarged(page)


def see(page: Page, size: Any, scheme: Any, rules: dict[str, Any]) -> list[str]:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    return [f"{size['width']} px, {scheme}: {one}" for one in ask(page, "broken", rules)]


def enlarged(page: Page) -> list[str]:
    found = []
    for width in ZOOMED:
        page.set_viewport_size({"width": width, "height": LAPTOP["height"]})
        problems = ask(page, "tooWide") + ask(page, "cutOff")
        found += [f"{width} px: {problem}" for problem in problems]
    return found


def open_eyes(page: Page) -> None:
    if not page.evaluate("window.eyes || window.openEyes?.(), Boolean(window.eyes)"):
        page.evaluate(SCRIPTS)


def ask(page: Page, question: str, *arguments: Any) -> list[str]:
    """One of the questions of eyes.js about the page as it is."""
    open_eyes(page)
    answer: list[str] | None = page.evaluate(f"given => eyes.{question}(...given)", [*arguments])
    return answer or []
