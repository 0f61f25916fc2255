"""The output of bin/start and bin/test, with the name of the program before each line."""

from __future__ import annotations

import os
import select
import sys

COLOURS = {
    "postgres": 67,
    "valkey": 131,
    "setup": 244,
    "static": 244,
    "web": 72,
    "worker": 137,
    "beat": 103,
    "outbox": 132,
}
WIDTH = max(map(len, COLOURS))
PIECE = 512  # bytes that a pipe or terminal takes without waiting, once it takes any
STUCK = 2.0  # seconds after which a reader is taken to have stopped reading


class Console:
    """Writes lines to the terminal; falls silent, and nothing worse, if the terminal goes away."""

    def __init__(self) -> None:
        self.is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self.is_gone = False
        self.is_stuck = False

    def say(self, text: str = "") -> None:
        """A line of our own."""
        self._write(f"{text}\n".encode())

    def line(self, name: str, text: bytes) -> None:
        """A line that the program `name` wrote."""
        label = self.colour(f"{name:<{WIDTH}} │", COLOURS.get(name, 244))
        self._write(label.encode() + b" " + text.rstrip(b"\r\n") + b"\n")

    def colour(self, text: str, number: int) -> str:
        return f"\x1b[38;5;{number}m{text}\x1b[0m" if self.is_coloured else text

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.is_coloured else text

    def _write(self, data: bytes) -> None:
        """Write in pieces that a pipe takes whole once it is writable.

        A reader that has stopped reading loses lines; it does not block the programs.
        """
        for start in range(0, len(data), PIECE):
            if self.is_gone or not select.select([], [1], [], 0 if self.is_stuck else STUCK)[1]:
                self.is_stuck = True
                return
            self.is_stuck = False
            try:
                os.write(1, data[start : start + PIECE])
            except OSError:  # EIO, EPIPE: the terminal was closed; the work goes on
                self.is_gone = True
