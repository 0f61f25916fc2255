"""Processes that start working at the same moment."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType

from django.db import connections

from dlp.bench.loops import LOOPS
from dlp.bench.measuring import CannotMeasure
from dlp.drill.relay import ChaosRelay
from dlp.outbox.models import Message

FORK = multiprocessing.get_context("fork")


class Sink(ChaosRelay):
    """A relay that takes every letter and keeps none."""

    def take(self, recipient: str, content: bytes) -> None:
        """Nothing to keep."""


class Crew:
    """So many senders, and the sink that they send to, each a process of its own."""

    def __init__(self, number: int) -> None:
        connections.close_all()  # no two processes share one
        ours, theirs = FORK.Pipe()
        self._sink = _start(_serve, theirs)
        self.url: str = ours.recv()
        self._senders = []
        for _ in range(number):
            mine, its = FORK.Pipe()
            self._senders.append((mine, _start(_work, its, self.url)))

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for process in [self._sink, *(process for _, process in self._senders)]:
            process.kill()
            process.join()

    def seconds(self, loop: str, letters: Sequence[Message]) -> float:
        """How long all of them take to send their shares; preparation does not count."""
        pipes = [pipe for pipe, _ in self._senders]
        for place, pipe in enumerate(pipes):
            pipe.send((loop, letters[place :: len(pipes)]))
        _hear(pipes)
        began = time.perf_counter()
        for pipe in pipes:
            pipe.send("go")
        _hear(pipes)
        return time.perf_counter() - began


def _start(target: object, *arguments: object) -> multiprocessing.process.BaseProcess:
    process = FORK.Process(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process


def _hear(pipes: Sequence[Connection]) -> None:
    try:
        for pipe in pipes:
            pipe.recv()
    except EOFError:
        raise CannotMeasure("A sender ended before its letters; the reason is above.") from None


def _serve(pipe: Connection) -> None:
    with Sink() as sink:
        pipe.send(sink.url)
        sink.wait()


def _work(pipe: Connection, url: str) -> None:
    while True:
        name, letters = pipe.recv()
        loop = LOOPS[name](url, letters)
        pipe.send("ready")
        pipe.recv()
        loop()
        pipe.send("done")
