"""Senders as processes of their own, on the database of the test that starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

PROLOGUE = (
    "import django; django.setup(); from dlp.outbox.tests.factories import make_kind; make_kind(); "
)
DRAIN = PROLOGUE + "from dlp.outbox.delivery.sending import drain; drain()"
RUN_LOOP = "from django.core.management import call_command; call_command('outbox_loop')"
LOOP = PROLOGUE + RUN_LOOP
PATIENCE = 120.0
"""Seconds until a test gives up. Long, so that a slow and busy machine fails nothing that works."""


def looking_every(seconds: int) -> str:
    """The loop, looking at the table so often where nothing rings."""
    return (
        f"{PROLOGUE}from dlp.outbox.delivery import loop; loop.LOOK_EVERY = {seconds}; {RUN_LOOP}"
    )


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, with the test's own database and no quiet hours: tests run at night too."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    address = make_conninfo(**{name: parameters[name] for name in names if parameters.get(name)})
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "dlp.settings",
        "QUIET_HOURS": "0",
        "RELAY_RATE": "0",
    } | changes


def start(code: str, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(code: str, **changes: str) -> Iterator[subprocess.Popen[str]]:
    process = start(code, **changes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"It did not come about in {PATIENCE:.0f} seconds."
        time.sleep(0.05)
