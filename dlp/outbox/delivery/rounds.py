"""Recording that a sender finished a round: in the database, and by a heartbeat."""

from __future__ import annotations

import time

from django.conf import settings

from dlp.outbox.delivery.heartbeat import NEVER, Heartbeat
from dlp.outbox.models import SenderRound

NOTED_EVERY = 10.0


class Rounds:
    """Records one process's rounds, for one doorbell. Called after every round; writes rarely."""

    def __init__(self, ringer: SenderRound.Ringer) -> None:
        self._ringer = ringer
        self._noted = NEVER
        self._heartbeat = Heartbeat(settings.HEARTBEAT_URL)

    def ended(self) -> None:
        """A full round ended, and what was claimed has been committed."""
        now = time.monotonic()
        if now - self._noted >= NOTED_EVERY:
            SenderRound.objects.note(self._ringer)
            self._noted = now
        self._heartbeat.beat()
