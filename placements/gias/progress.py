"""How far a file has been read, passed from worker to page through the cache.

It is only for show: losing it does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO, TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
T = TypeVar("T")

Tell = Callable[[int], object]
"""Called with a number of rows that are done."""

KEPT_SECONDS = 60
"""After this silence nobody is working on the file."""
_CHUNK = 1024 * 1024


class Progress:
    """The progress of one run over all its files; it is cleared when the run ends or fails.

    Never raises if the cache is down: the run continues without showing progress.
    """

    def __init__(self, run_pk: int, files: Iterable[IO[bytes]]) -> None:
        self.key = _key(run_pk)
        self.lines = sum(lines_in(file) for file in files) or 1
        self.done = 0

    def __call__(self, rows: int) -> None:
        self.done += rows
        percent = min(99, self.done * 100 // self.lines)
        _ask_cache(lambda: cache.set(self.key, percent, KEPT_SECONDS))

    def __enter__(self) -> Progress:
        self(0)
        return self

    def __exit__(self, *failure: object) -> None:
        _ask_cache(lambda: cache.delete(self.key))


def percent_done(run_pk: int) -> int | None:
    """None if nothing is running, or if it is not known."""
    return _ask_cache(lambda: cache.get(_key(run_pk)))


def _ask_cache(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except RedisError as error:
        logger.warning("The cache did not answer (%s).", type(error).__name__)
        return None


def lines_in(file: IO[bytes]) -> int:
    file.seek(0)
    lines = sum(chunk.count(b"\n") for chunk in iter(partial(file.read, _CHUNK), b""))
    file.seek(0)
    return lines


def _key(run_pk: int) -> str:
    return f"gias-run:{run_pk}"
