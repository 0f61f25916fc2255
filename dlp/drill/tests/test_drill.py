"""A small drill, as somebody would run it; and a sender with a fault, which the drill must find out."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db.models.functions import Now

from dlp.drill import verdict
from dlp.drill.relay import ChaosRelay
from dlp.outbox.delivery import housekeeping, sending
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import make_message
from dlp.outbox.tests.processes import DRAIN, start

pytestmark = pytest.mark.commits

SMALL = ["--messages", "120", "--kills", "8", "--seconds", "5", "--senders", "3"]


def test_small_drill_loses_nothing_and_doubles_nothing():
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "dlp.embedded", "drill", "outbox", *SMALL],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    said = ran.stdout
    assert ran.returncode == 0, f"{said}\n{ran.stderr}"
    assert re.search(r"^lost: 0$", said, re.M)
    assert re.search(r"^duplicated: 0$", said, re.M)
    assert len(re.findall(r"^I\d+ +holds", said, re.M)) == 12
    assert re.search(r"^kills: 8 ", said, re.M)
    assert int(re.search(r"^messages: (\d+)", said, re.M)[1]) >= 60


MARKED, FORGETFUL = "data_started_at IS NOT NULL THEN 'uncertain'", "FALSE THEN 'uncertain'"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_forgetful", [False, True])
def test_drill_finds_out_a_reaper_that_forgets_the_mark(settings, monkeypatch, is_forgetful):
    """A sender dies with the letter handed over; the mark alone keeps the next from sending it again."""
    make_message()
    with ChaosRelay() as relay:
        settings.EMAIL_URL = relay.url
        sender = start(DRAIN, EMAIL_URL=relay.url, FAILPOINTS="1", FAILPOINT="handed over")
        sender.communicate(timeout=60)
        assert sender.returncode == -signal.SIGKILL
        if is_forgetful:
            assert MARKED in housekeeping.REAP
            reap = housekeeping.REAP.replace(MARKED, FORGETFUL)
            monkeypatch.setattr(housekeeping, "REAP", reap)
        Message.objects.filter(state="claimed").update(lease_until=Now())
        housekeeping.housekeep()
        sending.drain()

        assert verdict.count(relay.taken).duplicated == is_forgetful
