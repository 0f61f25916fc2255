"""Places where a test can kill or stop a sender, if the setting FAILPOINTS allows it."""

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
    """Die here as in a power cut, if the environment names this place in FAILPOINT.

    With FAILPOINT_SIGNAL set to SIGSTOP, stop until told to continue.
    """
    if settings.FAILPOINTS and os.environ.get("FAILPOINT") == name:
        os.kill(os.getpid(), signal.Signals[os.environ.get("FAILPOINT_SIGNAL", "SIGKILL")])
