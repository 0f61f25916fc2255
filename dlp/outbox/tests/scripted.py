"""A relay that says what it is told, whatever it hears."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class ScriptedRelay:
    """Says its lines one by one, each after it was spoken to, and keeps what it heard.

    A line is dripped, a byte each `drip` seconds, where that is given.
    """

    def __init__(self, *lines: bytes, drip: float = 0) -> None:
        self.heard = b""
        self._lines = lines
        self._drip = drip
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> ScriptedRelay:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            for line in self._lines:
                for byte in [line[i : i + 1] for i in range(len(line))] if self._drip else [line]:
                    connection.sendall(byte)
                    time.sleep(self._drip)
                self.heard += connection.recv(1_000)
            while more := connection.recv(1_000):
                self.heard += more
