"""The product as people run it, for journeys: bin/start in a folder of its own, on a day we choose."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from dlp.embedded.environment import ROOT
from dlp.tests.copies import free_port

FOREIGN = ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "BASE_URL", "EMAIL_URL", "VAR_DIR")
CLOCKS = ("now()", "statement_timestamp()", "clock_timestamp()", "transaction_timestamp()")


class Product:
    """One installation. It can be started on one day, stopped, and started again on another."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.log = var.with_suffix(".log")  # a file never fills up, as a pipe nobody reads does
        self.port = free_port()  # the same at every start: letters from the last one link to it
        self.process: subprocess.Popen[bytes] | None = None
        self.address = self.mailbox = ""
        self.offset = 0.0

    def start(self, at: datetime | None = None, *, with_demo: bool = False) -> None:
        """Run everything, as if it were `at` now where one is given, until the first page answers."""
        self.offset = (at - datetime.now(UTC)).total_seconds() if at else 0.0
        flags = [] if with_demo else ["--no-demo"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "dlp.embedded", "start", "--port", str(self.port), *flags],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        said = self._read_until("Stop ")
        self.address = re.search(r"Open\s+(?:\x1b\S*?m)?(http://[^/\s]+)", said)[1]  # type: ignore[index]
        self.mailbox = re.search(r"Letters\s+(\S+)", said)[1]  # type: ignore[index]
        self._shift_database_clock()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        self.process = None

    def manage(self, *arguments: str) -> str:
        """Run bin/manage beside it; return what it printed."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "dlp.embedded", "manage", *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def now(self) -> datetime:
        """What the product takes the time to be."""
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.offset, UTC)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._database()) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def _environment(self) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        env["VAR_DIR"] = str(self.var)
        env["PYTHONPATH"] = str(Path(__file__).parent / "clock")
        env["JOURNEY_CLOCK_OFFSET"] = str(self.offset)
        return env

    def _database(self) -> str:
        """Where its database is, whatever this process's own is."""
        return json.loads((self.var / "running").read_text())["DATABASE_URL"]  # type: ignore[no-any-return]

    def _read_until(self, word: str) -> str:
        """What it has printed, once that holds `word`; it is asked whether it lives meanwhile."""
        assert self.process is not None
        while word not in (said := self.log.read_text(errors="replace")):
            try:
                self.process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"bin/start ended before the first page:\n{said}")
        return said

    def letters(self) -> str:
        """How each letter stands, for the failure of a test that waited for one."""
        rows = self.query(
            "SELECT kind, recipient, state, state_reason, attempts, due_at, lease_until "
            "FROM outbox_message ORDER BY due_at"
        )
        return "\n".join([f"It is {self.now()} here.", *(repr(row) for row in rows)])

    def _shift_database_clock(self) -> None:
        """Put functions of the same names before Postgres's own, on our role's search path.

        Each start has a schema of its own, which only new connections look in. So no sender sees the
        new time on a connection that is about to be ended, and claims a letter with it: that letter
        would wait for its lease to run out.
        """
        schema = f"shifted_{time.time_ns()}"
        with psycopg.connect(self._database(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
            for name in CLOCKS:
                connection.execute(
                    f"CREATE FUNCTION {schema}.{name} RETURNS timestamptz LANGUAGE sql "
                    f"STABLE AS $$ SELECT pg_catalog.{name} + interval '{self.offset:f} seconds' $$"
                )
            connection.execute(
                f"ALTER ROLE CURRENT_USER SET search_path = {schema}, pg_catalog, public"
            )
            connection.execute(  # those that were open already would keep the clock of today
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
