"""Crashing Postgres and Valkey. Whoever started them starts them again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

PATIENCE = 60.0
AWAY = (DatabaseError, InterfaceError)


class NotBack(Exception):
    """The message is a full sentence for the person at the terminal."""


def crash_postgres() -> None:
    """As in a power cut, without a checkpoint; then wait until it answers again."""
    connection.close()
    lines = (Path(os.environ["POSTGRES_DATA"]) / "postmaster.pid").read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGQUIT)
    _wait_for("Postgres", is_gone=lambda: not _postgres_answers(), is_back=_postgres_answers)


def crash_valkey() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    pid: int = client.info("server")["process_id"]
    os.kill(pid, signal.SIGKILL)
    _wait_for("Valkey", is_gone=lambda: not _valkey_answers(), is_back=_valkey_answers)


def _wait_for(name: str, *, is_gone: Callable[[], bool], is_back: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    for is_so in (is_gone, is_back):
        while not is_so():
            if time.monotonic() > deadline:
                raise NotBack(f"{name} did not come back within {PATIENCE:.0f} seconds.")
            time.sleep(0.05)


def _postgres_answers() -> bool:
    try:
        connection.close()
        connection.ensure_connection()
    except AWAY:
        return False
    return True


def _valkey_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL).ping())
    except redis.RedisError:
        return False
