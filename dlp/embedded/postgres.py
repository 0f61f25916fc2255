"""The embedded Postgres: a cluster under var/, reached by a socket that only we can open.

The superuser creates the role `dlp` and its database in single-user mode before the first start,
and is not used again: the site, its workers and its tests sign in as `dlp`.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dlp.embedded.binaries import Binaries, find_binaries
from dlp.embedded.errors import CannotStart
from dlp.embedded.folders import (
    PLAIN_ENVIRONMENT,
    can_reach,
    fingerprint,
    server_account,
    socket_folder,
    state_folder,
)
from dlp.embedded.guard import Guard
from dlp.embedded.processes import Account, command_line, is_alive, run, working_in
from dlp.embedded.supervisor import Program

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",  # for disks without an arm: an index costs little more than a scan
    "log_min_messages": "fatal",  # an error's detail quotes the row, and a log holds nobody's data
}
SETTINGS_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}
ROLE = "CREATE ROLE dlp LOGIN {createdb};\n\nCREATE DATABASE dlp OWNER dlp;\n"


@dataclass(frozen=True)
class Cluster:
    """A cluster that is ready to be started."""

    binaries: Binaries
    data: Path
    sockets: Path
    account: Account | None
    is_for_tests: bool = False

    @property
    def url(self) -> str:
        return f"postgresql:///dlp?host={quote(str(self.sockets), safe='')}&user=dlp"

    def program(self) -> Program:
        """SIGINT disconnects everybody and stops at once; SIGTERM would wait for them to leave."""
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if self.is_for_tests:
            settings |= SETTINGS_FOR_TESTS
        if self.binaries.major >= 18:
            settings["io_method"] = "sync"  # no idle helpers
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            "postgres",
            [self.binaries.program("postgres"), "-D", self.data, *options],
            env=PLAIN_ENVIRONMENT,
            account=self.account,
            rank=2,
            grace=60,
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
        )

    def readiness_of(self, program: Program) -> Callable[[], bool]:
        """Whether the postmaster's pid file says that it accepts connections, as pg_ctl checks it."""

        def is_ready() -> bool:
            lines = _pid_file_lines(self.data)
            return (
                program.process is not None
                and len(lines) > 7
                and lines[0] == str(program.process.pid)
                and lines[7].strip() == "ready"
            )

        return is_ready


def prepared_cluster(var: Path, guard: Guard) -> Cluster:
    """The site's cluster: made on the first call, checked on later ones."""
    data, account = data_folder(var, guard)
    binaries = find_binaries(account, guard)
    sockets = socket_folder(var, account, guard)
    if data.exists():
        check_version(data, binaries)
        stop_leftover(data)
    else:
        make_cluster(data, binaries, account, guard)
    return Cluster(binaries, data, sockets, account)


def cluster_for_tests(parent: Path, guard: Guard) -> Cluster:
    """A cluster without durability, whose role may create databases."""
    data = parent / "postgres"
    account = server_account(data)
    binaries = find_binaries(account, guard)
    sockets = socket_folder(parent, account, guard)
    make_cluster(data, binaries, account, guard, is_for_tests=True)
    return Cluster(binaries, data, sockets, account, is_for_tests=True)


def data_folder(var: Path, guard: Guard) -> tuple[Path, Account | None]:
    """Where the data is: var/postgres, unless Postgres runs as an account that cannot enter var."""
    usual = var / "postgres"
    account = server_account(usual)
    if can_reach(var, account, guard):
        return usual, account
    elsewhere = state_folder(fingerprint(var)) / "postgres"
    return elsewhere, server_account(elsewhere)


def check_version(data: Path, binaries: Binaries) -> None:
    found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != str(binaries.major):
        raise CannotStart(
            f"The data in {data} were made by PostgreSQL {found}, and the one here is "
            f"{binaries.version}. Set POSTGRES_PREFIX to a PostgreSQL {found} to go on with them, "
            f"move them over with pg_dump, or begin again without them with --fresh."
        )


def make_cluster(
    data: Path,
    binaries: Binaries,
    account: Account | None,
    guard: Guard,
    *,
    is_for_tests: bool = False,
) -> None:
    """Create the cluster, role and database under another name; rename when all three exist.

    $CLUSTER_TO_COPY names a stopped one that has all of them already, and perhaps tables.
    """
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    if pattern := os.environ.get("CLUSTER_TO_COPY"):
        copy_cluster(Path(pattern), draft, guard)
    else:
        fill_cluster(draft, binaries, account, guard, is_for_tests=is_for_tests)
    draft.rename(data)


def copy_cluster(cluster: Path, to: Path, guard: Guard) -> None:
    """Copy a cluster that nobody runs; its files keep their owner."""
    answer = run(["cp", "-a", cluster, to], env=PLAIN_ENVIRONMENT, guard=guard)
    if answer.returncode != 0:
        raise CannotStart(f"{cluster} cannot be copied. cp says: {answer.stdout.strip()}")


def fill_cluster(
    draft: Path,
    binaries: Binaries,
    account: Account | None,
    guard: Guard,
    *,
    is_for_tests: bool,
) -> None:
    """The locale is fixed: initdb would take the terminal's, which need not be installed here."""
    draft.mkdir(mode=0o700)
    if account is not None:
        os.chown(draft, account.uid, account.gid)
    options = ["-D", str(draft), "-E", "UTF8", "--locale=C", "-U", "postgres", "--auth=trust"]
    if binaries.major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if is_for_tests:
        options += ["--no-sync"]
    _do([str(binaries.program("initdb")), *options], "", account, guard)
    single_user = [str(binaries.program("postgres")), "--single", "-j", "-D", str(draft)]
    role = ROLE.format(createdb="CREATEDB" if is_for_tests else "NOCREATEDB")
    _do([*single_user, "postgres"], role, account, guard)


def _do(command: list[str], text: str, account: Account | None, guard: Guard) -> None:
    answer = run(command, env=PLAIN_ENVIRONMENT, guard=guard, account=account, text=text)
    if answer.returncode != 0 or "ERROR:" in answer.stdout:
        last_words = " ".join(answer.stdout.strip().splitlines()[-3:])
        raise CannotStart(f"Postgres could not make its data folder. It says: {last_words}")


def stop_leftover(data: Path) -> None:
    """Stop a Postgres that an earlier copy of ours left running on this folder.

    We hold the lock, so it is nobody's. A process that merely has its pid is left alone.
    """
    lines = _pid_file_lines(data)
    if not lines or not lines[0].isdigit():
        return
    pid = int(lines[0])
    for sign, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if not _is_postgres_of(data, pid):
            _let_it_end(pid)
            return _let_its_children_end(data)
        os.kill(pid, sign)
        _wait_for_end(data, pid, seconds)
    raise CannotStart(f"A Postgres from an earlier start (process {pid}) cannot be stopped.")


def _is_postgres_of(data: Path, pid: int) -> bool:
    words = command_line(pid)
    return "postgres" in words and f"-D {data} " in f"{words} "


def _let_it_end(pid: int) -> None:
    """A process that is ending has no command line any more, and still holds its folder for Postgres."""
    deadline = time.monotonic() + 10
    while is_alive(pid) and not command_line(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def _let_its_children_end(data: Path) -> None:
    """Children of a Postgres that was killed end by themselves, a busy one once it looks up.

    Until then they hold memory without which no other Postgres starts here.
    """
    deadline = time.monotonic() + 10
    while working_in(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in working_in(data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _let_it_end(pid)


def _wait_for_end(data: Path, pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _is_postgres_of(data, pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
