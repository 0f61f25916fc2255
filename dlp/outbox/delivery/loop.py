"""A sender that needs no broker: it looks at the table when a commit notifies it, and regularly."""

from __future__ import annotations

import logging
import time

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from dlp.outbox.delivery import doorbell, housekeeping, sending
from dlp.outbox.delivery.rounds import Rounds
from dlp.outbox.models import SenderRound
from dlp.outbox.plans import sweeping

logger = logging.getLogger(__name__)

LOOK_EVERY = 10.0
HOUSEKEEP_EVERY = 60.0
SWEEP_EVERY = 300.0
LISTEN_FOR = 0.5  # how long a stop may go unnoticed
PAUSE_AFTER_FAILURE = 2.0
NEVER = float("-inf")


class Loop:
    """Sends, cleans up and sweeps until it is told to stop; waits for a database that is down."""

    def __init__(self) -> None:
        self._is_stopping = False
        self._listener: psycopg.Connection | None = None
        self._rounds = Rounds(SenderRound.Ringer.LOOP)
        self._looked = self._tidied = self._swept = NEVER

    def stop(self) -> None:
        """Finish the current letter and end. Safe to call from a signal handler."""
        self._is_stopping = True

    def run(self) -> None:
        while not self._is_stopping:
            try:
                self._turn(is_rung=self._wait())
            except (DatabaseError, InterfaceError, psycopg.Error) as error:
                logger.error("The database does not answer (%s); waiting.", type(error).__name__)
                self._hang_up()
                connection.close()
                time.sleep(PAUSE_AFTER_FAILURE)
        self._hang_up()

    def _turn(self, *, is_rung: bool) -> None:
        """Do what is due. A notification that arrives meanwhile is seen afterwards."""
        close_old_connections()
        now = time.monotonic()
        if is_rung or now - self._looked >= LOOK_EVERY:
            self._looked = now
            self._send()
        if now - self._tidied >= HOUSEKEEP_EVERY:
            self._tidied = now
            housekeeping.housekeep()
        if now - self._swept >= SWEEP_EVERY:
            self._swept = now
            sweeping.sweep()

    def _send(self) -> None:
        ends = sending.drain(should_stop=lambda: self._is_stopping, round_ended=self._rounds.ended)
        if ends:
            logger.info("Letters: %s.", ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))

    def _wait(self) -> bool:
        """Listen for a moment; whether a commit rang."""
        if self._listener is None:
            self._listener = connection.get_new_connection(connection.get_connection_params())
            self._listener.autocommit = True
            self._listener.execute(f"LISTEN {doorbell.CHANNEL}")
            return True  # what was committed before we listened
        return any(True for _ in self._listener.notifies(timeout=LISTEN_FOR, stop_after=1))

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._listener = None
