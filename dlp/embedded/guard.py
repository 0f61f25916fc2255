"""A small process that outlives a SIGKILL of the supervisor, and then ends what it had started.

The kernel signals a dead parent's children, but not its grandchildren, and macOS signals nobody.
The guard is forked first, holds the reading end of a pipe, and learns through it of every process
group. When the pipe closes, for whatever reason, it ends the groups that were not released, and
removes temporary folders.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path

PATIENCE = 3.0  # seconds between asking and killing


class Guard:
    """The supervisor's end of the pipe."""

    def __init__(self, *, keep: Iterable[int] = ()) -> None:
        """Fork the guard.

        It keeps `keep` open (the lock), so that nobody starts while it cleans up.
        """
        reading, self.writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                stand_guard(reading, {reading, *keep})
            finally:
                os._exit(0)
        os.close(reading)

    def watch(self, pid: int, parting: signal.Signals) -> None:
        """Should we die, the group led by `pid` gets `parting`, then SIGKILL.

        Called in the child itself.
        """
        self._tell(f"watch {pid} {int(parting)}")

    def release(self, pid: int) -> None:
        """The group has ended."""
        self._tell(f"release {pid} 0")

    def remove_at_end(self, folder: Path) -> None:
        """Delete `folder` once everything has ended, for whatever reason."""
        self._tell(f"remove 0 0 {folder}")

    def dismiss(self) -> None:
        """Everything has ended; end the guard too."""
        os.close(self.writing)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _tell(self, line: str) -> None:
        with contextlib.suppress(OSError):  # somebody killed the guard: the kernel's signal remains
            os.write(self.writing, f"{line}\n".encode())


def stand_guard(reading: int, keep: set[int]) -> None:
    """Listen until the supervisor is gone; then clean up."""
    os.setsid()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(sign, signal.SIG_IGN)
    _let_go_of_everything_but(keep)
    groups: dict[int, int] = {}
    folders: list[str] = []
    with os.fdopen(reading, encoding="utf-8") as lines:
        for line in lines:
            word, pid, sign_number, *folder = line.rstrip("\n").split(" ", 3)
            if word == "watch":
                groups[int(pid)] = int(sign_number)
            elif word == "release":
                groups.pop(int(pid), None)
            else:
                folders += folder
    end_groups(groups)
    for folder_name in folders:
        shutil.rmtree(folder_name, ignore_errors=True)


def end_groups(groups: dict[int, int]) -> None:
    """Ask the leaders to end, wait `PATIENCE`, and kill whatever is left of their groups."""
    left = {pid for pid, sign in groups.items() if _send(os.kill, pid, sign) or _lives(pid)}
    deadline = time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {pid for pid in left if _lives(pid)}
    for pid in left:
        _send(os.killpg, pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    return _send(os.killpg, pid, 0)


def _send(kill: object, pid: int, sign: int) -> bool:
    try:
        kill(pid, sign)  # type: ignore[operator]
    except OSError:
        return False
    return True


def _let_go_of_everything_but(keep: set[int]) -> None:
    """Close the terminal and every other file."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.chdir("/")
    start = 3
    for descriptor in sorted(keep):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, 1024)
