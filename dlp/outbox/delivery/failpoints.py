"""Places where a test may kill or stop a sender. Closed unless the setting FAILPOINTS opens them."""

from __future__ import annotations

import os
import signal

from django.conf import settings

NAMES = (
    "claimed",
    "addressed",
    "written",
    "marked",
    "in the body",
    "handed over",
    "recorded",
)


def reach(name: str) -> None:
    """Die here, as by a power cut, if the environment names this place in FAILPOINT.

    Or stand still until somebody says to go on, where FAILPOINT_SIGNAL is SIGSTOP.
    """
    if settings.FAILPOINTS and os.environ.get("FAILPOINT") == name:
        os.kill(os.getpid(), signal.Signals[os.environ.get("FAILPOINT_SIGNAL", "SIGKILL")])
