"""What is wrong with a page for people who see, press or move in other ways than its makers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from dlp.tests.browsers import LAPTOP, PHONE

SCRIPTS = AXE_SCRIPT + Path(__file__).with_name("eyes.js").read_text()
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
ZOOMED = (640, 320)  # what is left of 1,280 px at twice and at four times the size
PRESSED = "a[href], button, summary, select, input:not([type=hidden])"
THUMBED = "button, .button, summary, select, .nav a, main input:not([type=hidden])"


def look_at(page: Page, *, twice: bool = True) -> list[str]:
    """Everything wrong with the page that is open, in both schemes, on both screens and enlarged.

    `twice` sees the contrast of each scheme on both screens.
    """
    open_eyes(page)
    found = page.evaluate("eyes.openEverything(), eyes.moving()")
    for size, scheme, rules in (*LOOKS, *(SWAPPED if twice else ())):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        problems = page.evaluate("rules => eyes.broken(rules)", rules)
        found += [f"{size['width']} px, {scheme}: {problem}" for problem in problems]
    for width in ZOOMED:
        page.set_viewport_size({"width": width, "height": LAPTOP["height"]})
        problems = page.evaluate("[...eyes.tooWide(), ...eyes.cutOff()]")
        found += [f"{width} px: {problem}" for problem in problems]
    return found


def open_eyes(page: Page) -> None:
    if not page.evaluate("Boolean(window.eyes)"):
        page.evaluate(SCRIPTS)


def ask(page: Page, question: str, *arguments: Any) -> list[str]:
    """One of the questions of eyes.js about the page as it is."""
    open_eyes(page)
    answer: list[str] = page.evaluate(f"given => eyes.{question}(...given)", list(arguments))
    return answer
