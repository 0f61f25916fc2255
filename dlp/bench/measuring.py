"""What one page costs: its queries, and the CPU time of this process and its database."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from cohorts.models import Person
from dlp.signin import second_factor

WARMING = 3
COUNTED = 3
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class CannotMeasure(Exception):
    """The message is a full sentence for the person at the terminal."""


@dataclass(frozen=True)
class Figures:
    """Medians. `ratio` is the CPU time relative to the bare view, requested in turns with the page."""

    queries: int
    repeats: int
    sql_ms: float
    cpu_ms: float
    wall_ms: float
    ratio: float
    kilobytes: float


@dataclass
class Asked:
    """The queries of one request."""

    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not sql.startswith(SAVEPOINTS):
                self.seconds += time.perf_counter() - began
                self.texts.append(sql)


class Visitor(Client):
    """Requests pages as a browser does, without what Django's test client records."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


def a_visitor() -> Visitor:
    return Visitor(headers={"host": "localhost"})


def signed_in(person: Person) -> Visitor:
    """A signed-in session; people who need a second factor have shown it."""
    visitor = a_visitor()
    visitor.force_login(person)
    session = visitor.session
    records: list[dict[str, Any]] = [{"method": "code", "at": time.time(), "email": person.email}]
    if second_factor.is_required_of(person):
        records.append({"method": "mfa", "type": "totp", "at": time.time()})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return visitor


class Stopwatch:
    """CPU time of this process and of the one process of the database that serves it."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # helpers would go uncounted
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        self._backend = Path(f"/proc/{pid}/schedstat")
        if not self._backend.exists():
            raise CannotMeasure(
                "The time that the database spends cannot be read here. Run it on Linux, with a "
                "kernel that keeps /proc/PID/schedstat."
            )

    def milliseconds(self) -> float:
        backend = int(self._backend.read_text().split()[0])
        return (time.process_time_ns() + backend) / 1e6


def measure(visitor: Visitor, path: str, bare: str, runs: int) -> Figures:
    """Request the page and the bare view in turns, so that a busy moment hits both."""
    watch, stranger = Stopwatch(), a_visitor()
    for _ in range(WARMING):
        read(stranger, bare)
        body = read(visitor, path)
    asked = [count(visitor, path) for _ in range(COUNTED)]
    ours, theirs, walls = [], [], []
    gc.collect()
    for _ in range(runs):
        theirs.append(spent(watch, stranger, bare)[0])
        cpu, wall = spent(watch, visitor, path)
        ours.append(cpu)
        walls.append(wall)
    return Figures(
        queries=max(len(one.texts) for one in asked),
        repeats=max(max(Counter(one.texts).values(), default=0) for one in asked),
        sql_ms=median(one.seconds for one in asked) * 1_000,
        cpu_ms=median(ours),
        wall_ms=median(walls),
        ratio=median(ours) / median(theirs),
        kilobytes=len(body) / 1_000,
    )


def spent(watch: Stopwatch, visitor: Visitor, path: str) -> tuple[float, float]:
    """Milliseconds of CPU time and of elapsed time."""
    began, cpu = time.perf_counter(), watch.milliseconds()
    read(visitor, path)
    return watch.milliseconds() - cpu, (time.perf_counter() - began) * 1_000


def count(visitor: Visitor, path: str) -> Asked:
    asked = Asked()
    with connection.execute_wrapper(asked):
        read(visitor, path)
    return asked


def read(visitor: Visitor, path: str) -> bytes:
    """The whole answer, a streamed one included."""
    answer = visitor.get(path)
    if answer.status_code != 200:
        raise CannotMeasure(f"{path} answered {answer.status_code}.")
    return b"".join(answer) if answer.streaming else answer.content
