"""The parts that bin/start is made of, each by itself."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dlp.embedded.console import Console
from dlp.embedded.environment import is_open_to_network, kept_secret, site_environment
from dlp.embedded.errors import CannotStart
from dlp.embedded.folders import private_folder
from dlp.embedded.network import FrontDoor
from dlp.embedded.postgres import check_version, stop_leftover
from dlp.embedded.testing import Step, Trial
from dlp.tests.copies import is_gone, processes, until

ROOT = Path(__file__).parents[2]
STUBBORN_FAMILY = """
import os, signal, sys, time
from dlp.embedded.guard import Guard
from dlp.embedded.processes import spawn

child = '''
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(600)
'''
guard = Guard()
guard.remove_at_end(__import__("pathlib").Path(sys.argv[1]))
child = spawn([sys.executable, "-c", child], env=dict(os.environ), guard=guard, stdout=None)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_missing_browser_is_said_aloud_in_the_summary(tmp_path: Path, capfd) -> None:
    trial = Trial.__new__(Trial)
    trial.console = Console()
    done = Step("tests", [], code=0, counts={"passed": 3})
    walks = Step("tests in a browser", [], code=0, why_not_run="No Chromium was found.")

    assert trial.summary([done, walks], 1.0) == 0

    said = capfd.readouterr().out.splitlines()
    assert "NOT RUN  tests in a browser: No Chromium was found." in said
    assert not any(line.startswith("ok") and "browser" in line for line in said)


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        door = FrontDoor(port)

        assert port < door.port <= port + 50
        for sock in door.sockets:
            sock.close()


@pytest.mark.commits
def test_the_guard_ends_grandchildren_that_will_not_listen(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    parent = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", STUBBORN_FAMILY, str(folder)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    leader = int(parent.stdout.readline())
    until(lambda: any(above == leader for above, _ in processes().values()))
    family = {pid: words for pid, (above, words) in processes().items() if leader in (pid, above)}

    parent.kill()
    parent.wait()

    assert len(family) == 2
    assert until(lambda: is_gone(family), seconds=15)
    assert until(lambda: not folder.exists())
    parent.stdout.close()


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first, second = kept_secret(tmp_path / "key"), kept_secret(tmp_path / "key")

    assert first == second
    assert len(first) >= 50


def test_the_mailbox_exists_only_without_a_mail_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    local = site_environment(tmp_path, port=8000)
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.org")
    monkeypatch.setenv("MAILBOX_TOKEN", "kept-from-yesterday")
    real = site_environment(tmp_path, port=8000)

    assert len(local["MAILBOX_TOKEN"]) >= 24
    assert local["MAILBOX_TOKEN"] != site_environment(tmp_path, port=8000).get("MAILBOX_TOKEN")
    assert "MAILBOX_TOKEN" not in real


@pytest.mark.parametrize(
    ("base_url", "is_open"),
    [
        ("http://localhost:8000", False),
        ("http://192.0.2.7:8000", True),
        ("https://dlp.example.org", False),
    ],
)
def test_only_a_plain_http_address_opens_the_door_to_the_network(
    base_url: str, is_open: bool
) -> None:
    assert is_open_to_network(base_url) is is_open


def test_a_folder_that_others_can_open_is_refused(tmp_path: Path) -> None:
    laid_there = tmp_path / "sockets"
    laid_there.mkdir(mode=0o755)

    with pytest.raises(CannotStart, match="is open to others"):
        private_folder(laid_there, None)


def test_a_link_in_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        private_folder(tmp_path / "sockets", None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where a process works")
def test_a_start_waits_for_what_a_killed_postgres_left_behind(tmp_path: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    (tmp_path / "postmaster.pid").write_text(f"{killed.pid}\n{tmp_path}\n", encoding="utf-8")
    left_behind = subprocess.Popen(
        [sys.executable, "-c", "print(end='.', flush=True); import time; time.sleep(1)"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    )
    assert left_behind.stdout
    left_behind.stdout.read(1)

    stop_leftover(tmp_path)

    assert left_behind.poll() == 0
    left_behind.stdout.close()


def test_data_of_another_postgres_are_told_of_in_words(tmp_path: Path) -> None:
    from dlp.embedded.binaries import Binaries

    (tmp_path / "PG_VERSION").write_text("17\n")

    with pytest.raises(CannotStart) as refusal:
        check_version(tmp_path, Binaries(tmp_path, "18.6"))

    assert str(refusal.value).startswith(
        f"The data in {tmp_path} were made by PostgreSQL 17, and the one here is 18.6."
    )


def test_an_old_python_is_told_so() -> None:
    """The first lines of bin/start must be readable to a Python that is too old for the rest."""
    for name in ("start", "test", "lock"):
        head = (ROOT / "bin" / name).read_text().partition("from bootstrap")[0]
        told = head.replace("sys.version_info < (3, 11)", "sys.version_info < (9, 9)")

        answer = subprocess.run(  # noqa: S603
            [sys.executable, "-c", told], capture_output=True, text=True, check=False
        )

        assert answer.returncode == 1
        assert answer.stderr.startswith("Python 3.11 or newer is needed, and this is Python 3.")
