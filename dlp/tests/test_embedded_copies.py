"""Starting and stopping for real: what bin/start promises about processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dlp.tests.copies import Copy, address_of_database, is_gone, processes, until

pytestmark = [
    pytest.mark.commits,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes by /proc"),
]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Not in pytest's folder: that one is closed to `nobody`, whom Postgres runs as under root."""
    folder = Path(tempfile.mkdtemp(prefix="dlp-copies-"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def copy(var: Path) -> Iterator[Copy]:
    copy = Copy(var).wait_for_the_first_page()
    yield copy
    copy.stop()


def test_the_first_page_follows_one_command(copy: Copy) -> None:
    assert copy.get("/healthz") == (200, json.dumps({"database": "ok", "valkey": "ok"}))


def test_the_role_is_no_superuser_and_may_not_make_databases(copy: Copy, var: Path) -> None:
    with psycopg.connect(address_of_database(var)) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert role == ("dlp", False, False, False, False)


def test_a_second_copy_is_refused_in_a_sentence(copy: Copy, var: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "dlp.embedded", "start"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert second.returncode == 1
    assert second.stdout == (
        f"Another copy is already running here (process {copy.process.pid}), at "
        f"http://localhost:{copy.port}. Stop that one first.\n"
    )


def test_secrets_are_for_their_owner_alone(copy: Copy, var: Path) -> None:
    modes = {name: (var / name).stat().st_mode & 0o777 for name in ("secret_key", "sealing_key")}

    assert modes == {"secret_key": 0o600, "sealing_key": 0o600}


def test_a_program_that_dies_is_started_again(copy: Copy) -> None:
    beat = next(pid for pid, words in copy.family().items() if "beat --schedule" in words)

    os.kill(beat, signal.SIGKILL)

    assert until(lambda: "beat ended (exit code -9)" in copy.said)
    assert until(lambda: any("beat --schedule" in words for words in copy.family().values()))


def test_external_servers_are_used_and_none_is_started(
    copy: Copy, var: Path, tmp_path: Path
) -> None:
    urls = json.loads((var / "running").read_text())
    outside = {name: urls[name] for name in ("DATABASE_URL", "REDIS_URL")}

    other = Copy(tmp_path / "var", environment=outside, port=copy.port).wait_for_the_first_page()

    try:
        assert f"Port {copy.port} is taken; using " in other.said
        assert other.get("/healthz")[0] == 200
        assert not [words for words in other.family().values() if "postgres" in words.split(" ")[0]]
        assert not [words for words in other.family().values() if "valkey" in words.split(" ")[0]]
        assert json.loads((tmp_path / "var" / "running").read_text()).items() >= outside.items()
    finally:
        other.stop()


def test_nothing_outlives_a_killed_supervisor(copy: Copy, var: Path) -> None:
    """Web workers and Celery's own processes are grandchildren: the kernel tells them nothing."""
    family = copy.family()

    copy.process.kill()
    copy.process.wait()

    assert len(family) > 10
    assert until(lambda: is_gone(family), seconds=15), processes()
    assert until(lambda: not [1 for _, words in processes().values() if str(var) in words])


def test_a_stop_is_clean_and_a_start_after_a_kill_keeps_what_was_there(var: Path) -> None:
    again = Copy(var).wait_for_the_first_page()
    family = again.family()

    again.process.send_signal(signal.SIGINT)

    assert again.process.wait(timeout=60) == 0
    assert again.said.endswith("Stopped.\n")
    assert is_gone(family)
    assert not (var / "postgres" / "postmaster.pid").exists()
