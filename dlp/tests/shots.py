"""bin/shots: pictures of the five pages that are judged, retaken from the product as it runs.

The demonstration's pictures are always of the same afternoon, so that a picture changes only where
the page does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dlp.calendar import LONDON
from dlp.embedded.environment import ROOT
from dlp.embedded.manage import running_copy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from cohorts.models import Person
    from dlp.tests.product import Product

SHOWN_AT = datetime(2026, 11, 25, 14, 10, tzinfo=LONDON)
SIZES = {"360": {"width": 360, "height": 780}, "1280": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")
HEIGHT = "document.documentElement.scrollHeight"
"""Asked of each page, so that what floats at the foot of a window covers nothing in its picture."""

Views = Mapping[str, tuple["Person", str]]
"""A page's name in the pictures, who looks at it, and its path."""


def shots(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dlp-shots-") as folder:
        if options.rows:
            show_rows(Path(folder) / "var", options.rows)
        else:
            show_demonstration(Path(folder) / "var", ROOT / "docs" / "img")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="bin/shots", description="Retake the pictures in docs/img.")
    made.add_argument(
        "--rows",
        type=Path,
        metavar="FOLDER",
        help="show the pages with 0, 1 and 200 rows and very long names instead, in FOLDER",
    )
    return made


def show_demonstration(var: Path, folder: Path) -> None:
    with running(var, at=SHOWN_AT, with_demo=True) as (product, browser):
        from dlp.tests import shown

        with shown.clock_at(product.now()):
            take(product, browser, shown.of_demonstration(), folder)


def show_rows(var: Path, folder: Path) -> None:
    """The same pages with nothing on them, with one of everything, and with two hundred."""
    with running(var) as (product, browser):
        from dlp.tests import shown

        crowd = shown.Crowd()
        for number in (0, 1, 200):
            crowd.grow_to(number)
            take(product, browser, crowd.views(), folder / str(number))


@contextmanager
def running(
    var: Path, at: datetime | None = None, *, with_demo: bool = False
) -> Iterator[tuple[Product, Browser]]:
    """The product on a day of our choice, this process on its database, and a browser."""
    from playwright.sync_api import sync_playwright

    from dlp.embedded.browser.find import find_browser
    from dlp.tests.product import Product

    product = Product(var)
    try:
        product.start(at, with_demo=with_demo)
        os.environ.update(running_copy(var))
        import django

        django.setup()
        found = find_browser()
        os.environ.update(found.playwright_environment, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=found.executable,
                args=list(found.flags),
                env={**os.environ, **found.environment},
            )
            yield product, browser
            browser.close()
    finally:
        product.stop()


def take(product: Product, browser: Browser, views: Views, folder: Path) -> None:
    """Each page in both widths and both schemes: NAME-WIDTH-SCHEME.png."""
    from dlp.tests.shown import cookie_of

    folder.mkdir(parents=True, exist_ok=True)
    for name, (person, path) in views.items():
        context = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce"
        )
        context.add_cookies([cookie_of(person)])
        page = context.new_page()
        for size, viewport in SIZES.items():
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(viewport)
                page.goto(f"{product.address}{path}")
                page.set_viewport_size({**viewport, "height": page.evaluate(HEIGHT)})
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    sys.exit(shots(sys.argv[1:]))
