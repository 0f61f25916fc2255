"""What beat rings is there to be rung, and beat itself stays small."""

from __future__ import annotations

import subprocess
import sys

from dlp.celery import app
from dlp.schedule import SCHEDULE


def test_every_task_that_is_rung_exists():
    app.loader.import_default_modules()

    assert {ring["task"] for ring in SCHEDULE.values()} <= app.tasks.keys()


def test_beat_knows_what_to_ring_without_loading_the_apps():
    asks = (
        "import sys; from dlp.beat import app; app.finalize(); "
        "print(len(app.conf.beat_schedule), 'django.apps' in sys.modules, 'cohorts' in sys.modules)"
    )
    command = [sys.executable, "-c", asks]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.split() == [str(len(SCHEDULE)), "False", "False"]
