"""How long to wait for a relay (R16): for one step, and for the whole try.

A relay that sends a byte now and then is cut off like a silent one. So is a sender that was itself
stopped for a while: its letter may have been claimed by another, and it must not hand it over.
"""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass
from typing import Self

SHARE_OF_LEASE = 0.3  # so that a try is over long before anybody takes its sender for dead
LONGEST_TRY = 180.0


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait: for the connection, each verb, the answer to the final dot, the whole try."""

    connect: float = 10
    verb: float = 30
    answer: float = 120
    whole: float = LONGEST_TRY

    @classmethod
    def within_lease(cls, seconds: float) -> Self:
        """Timeouts that fit into a lease of this length."""
        return cls(whole=min(LONGEST_TRY, seconds * SHARE_OF_LEASE))


class Patience:
    """The deadlines of the try and of its current step, on the monotonic clock."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._whole = timeouts.whole
        self.begin()

    def begin(self) -> None:
        """A new try begins."""
        self._ends_at = self._step_ends_at = time.monotonic() + self._whole

    def allow(self, seconds: float) -> None:
        """Begin a step, which ends with the try at the latest."""
        self._step_ends_at = min(self._ends_at, time.monotonic() + seconds)

    def left(self) -> float:
        """The seconds that remain of the step. Raises TimeoutError when none does."""
        seconds = self._step_ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("The step took too long.")
        return seconds


class PatientReader(io.RawIOBase):
    """Reads the relay's answers until the deadline, however slowly they come."""

    def __init__(self, wire: socket.socket, patience: Patience) -> None:
        self._wire = wire
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._wire.settimeout(self._patience.left())
        return self._wire.recv_into(buffer)
