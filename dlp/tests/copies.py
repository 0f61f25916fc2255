"""A copy of the product, started as bin/start starts it, for tests of starting and stopping."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from dlp.embedded.environment import ROOT

FROM_OUTSIDE = {
    "CLUSTER_TO_COPY",
    "DATABASE_URL",
    "REDIS_URL",
    "REDIS_PREFIX",
    "BASE_URL",
    "EMAIL_URL",
    "VAR_DIR",
    "SECRET_KEY",
    "SEALING_KEY",
    "DJANGO_SETTINGS_MODULE",
}


def free_port() -> int:
    """A port that nothing listens on at this moment; bin/start goes on to the next if one comes."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def until(is_true: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Whether it becomes true before the deadline."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Copy:
    """One process of bin/start, with its output in a file."""

    def __init__(
        self, var: Path, environment: Mapping[str, str] | None = None, *, port: int = 0
    ) -> None:
        self.port = port or free_port()
        self.log = var.with_suffix(".log")
        kept = {name: value for name, value in os.environ.items() if name not in FROM_OUTSIDE}
        command = [
            sys.executable,
            "-m",
            "dlp.embedded",
            "start",
            "--no-demo",
            "--port",
            str(self.port),
        ]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                cwd=ROOT,
                env={**kept, "VAR_DIR": str(var), **(environment or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for_the_first_page(self) -> Copy:
        is_there = until(
            lambda: "Ctrl-C" in self.said or self.process.poll() is not None, seconds=300
        )
        assert is_there, self.said
        assert self.process.poll() is None, self.said
        return self

    def get(self, path: str) -> tuple[int, str]:
        """Status and body, by the address that was printed."""
        found = re.search(r"Open +http://localhost:(\d+)/", self.said)
        assert found, self.said
        link = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)
        link.request("GET", path, headers={"Host": "localhost"})
        answer = link.getresponse()
        return answer.status, answer.read().decode()

    def family(self) -> dict[int, str]:
        """Its processes and all their descendants, by number, with their command lines."""
        children: dict[int, list[int]] = {}
        for pid, (parent, _) in processes().items():
            children.setdefault(parent, []).append(pid)
        found, waiting = {}, [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found[pid] = processes().get(pid, (0, ""))[1]
            waiting += children.get(pid, [])
        return found

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)


def processes() -> dict[int, tuple[int, str]]:
    """Every living process: its parent, and what it was started with. The dead but not buried are left out."""
    found: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), words)
    return found


def is_gone(family: dict[int, str]) -> bool:
    """Whether none of these processes lives any more; a number given to another does not count."""
    living = processes()
    return not any(pid in living and living[pid][1] == words for pid, words in family.items())


def address_of_database(var: Path) -> str:
    return str(json.loads((var / "running").read_text())["DATABASE_URL"])
