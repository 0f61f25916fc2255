"""Only one copy of bin/start at a time for a var/ folder."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from dlp.embedded.errors import CannotStart
from dlp.embedded.processes import is_alive

CLEARING_UP = 10.0  # seconds in which a killed copy's guard has surely let go


class Lock:
    """Held as long as this process, or the guard that clears up after it, lives."""

    def __init__(self, path: Path) -> None:
        """Take the lock, or say in a sentence who holds it."""
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + CLEARING_UP
        while not self._taken():
            pid, address = self._holder()
            if is_alive(pid) or time.monotonic() > deadline:
                raise CannotStart(
                    f"Another copy is already running here (process {pid}), at {address}. "
                    f"Stop that one first."
                )
            time.sleep(0.1)
        self.write("an address it has not chosen yet")

    def write(self, address: str) -> None:
        """Record where this copy can be found, for a second one to say."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n{address}\n".encode(), 0)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> tuple[int, str]:
        pid, _, address = os.pread(self.descriptor, 1000, 0).decode().partition("\n")
        return int(pid or 0), address.strip() or "an unknown address"
