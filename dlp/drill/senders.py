"""The sending processes, as they really run: outbox loops and a Celery worker."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from dlp.outbox.delivery import failpoints

FORK = multiprocessing.get_context("fork")
CELERY = ["-m", "celery", "--quiet", "--app", "dlp", "worker", "--concurrency", "1"]
QUIETLY = ["--without-gossip", "--without-mingle", "--loglevel", "CRITICAL"]


@dataclass
class Kills:
    """How many processes were killed, and how."""

    at_random: int = 0
    at_failpoints: int = 0

    @property
    def total(self) -> int:
        return self.at_random + self.at_failpoints


class LoopForker:
    """A process with everything loaded that forks outbox loops, so that one starts at once."""

    def __init__(self) -> None:
        connections.close_all()  # no two processes share one
        self._pipe, its = FORK.Pipe()
        self._process = FORK.Process(target=_fork_on_request, args=(its,), daemon=False)
        self._process.start()

    def fork(self, failpoint: str = "") -> int:
        """Start an outbox loop, which kills itself at the failpoint, and return its pid."""
        self._pipe.send(failpoint)
        pid: int = self._pipe.recv()
        return pid

    def close(self) -> None:
        self._process.kill()
        self._process.join()


class Senders:
    """A number of senders, one of them Celery's, and extra ones that will die at a failpoint."""

    def __init__(self, number: int, forker: LoopForker, chance: random.Random) -> None:
        self.kills = Kills()
        self._forker, self._chance = forker, chance
        self._loops = [forker.fork() for _ in range(max(1, number - 1))]
        self._doomed: list[int] = []
        self._worker = _start_worker() if number > 1 else None

    def kill_one(self) -> None:
        """Kill any one of them; another takes its place at once."""
        place = self._chance.randrange(len(self._loops) + bool(self._worker))
        if place == len(self._loops):
            _kill_worker(self._worker)
            self._worker = _start_worker()
        else:
            _kill(self._loops[place])
            self._loops[place] = self._forker.fork()
        self.kills.at_random += 1

    def start_doomed(self) -> None:
        """Start an extra one, which dies as soon as it reaches a failpoint."""
        self._doomed.append(self._forker.fork(self._chance.choice(failpoints.NAMES)))

    def count_dead(self) -> None:
        dead = [pid for pid in self._doomed if not _lives(pid)]
        self.kills.at_failpoints += len(dead)
        self._doomed = [pid for pid in self._doomed if pid not in dead]

    def kill_all(self) -> None:
        """Kill everybody.

        Doomed ones that had not reached their failpoint count as killed at random.
        """
        self.count_dead()
        self.kills.at_random += len(self._doomed)
        for pid in (*self._loops, *self._doomed):
            _kill(pid)
        _kill_worker(self._worker)
        self._loops, self._doomed, self._worker = [], [], None


def _fork_on_request(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are gone at once
    while True:
        try:
            failpoint = pipe.recv()
        except EOFError:
            return
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ["FAILPOINT"] = failpoint
            call_command("outbox_loop")
            os._exit(0)
        pipe.send(pid)


def _start_worker() -> subprocess.Popen[bytes]:
    """A Celery worker in its own process group, so that its pool dies with it."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "ignore", *CELERY, *QUIETLY],
        cwd=settings.BASE_DIR,
        start_new_session=True,
    )


def _kill_worker(worker: subprocess.Popen[bytes] | None) -> None:
    if worker is not None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _kill(pid: int) -> None:
    if _lives(pid):
        os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
