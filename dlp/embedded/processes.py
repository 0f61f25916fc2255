"""The one place that starts processes: each in its own session, and ended with us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dlp.embedded.guard import Guard

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The account a process runs as, if not ours."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    guard: Guard,
    account: Account | None = None,
    cwd: str | Path = "/",
    parting: signal.Signals = signal.SIGTERM,
    stdin: int | None = subprocess.DEVNULL,
    stdout: int | IO[Any] | None = subprocess.PIPE,
    stderr: int | IO[Any] | None = subprocess.STDOUT,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, where the terminal's Ctrl-C cannot reach it first.

    Should this process die, the child gets `parting` from the kernel (Linux), and the guard ends its
    whole process group: a grandchild, such as a web worker, never sees the kernel's signal.
    Call from the main thread only: the kernel's signal follows the thread that forked.
    """
    parent = os.getpid()

    def leash() -> None:
        """Runs in the child, after the change of account, which would undo the kernel's promise."""
        guard.watch(os.getpid(), parting)
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(parting), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the promise
            os._exit(1)

    return subprocess.Popen(  # noqa: S603 - commands are ours
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=pass_fds,
        start_new_session=True,
        preexec_fn=leash,  # noqa: PLW1509 - there is one thread
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    guard: Guard,
    account: Account | None = None,
    cwd: str | Path = "/",
    text: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end, give it `text`, and return what it said."""
    process = spawn(command, env=env, guard=guard, account=account, cwd=cwd, stdin=subprocess.PIPE)
    output, _ = process.communicate(text.encode())
    guard.release(process.pid)
    return subprocess.CompletedProcess(
        process.args, process.returncode, output.decode(errors="replace")
    )


def end_group(pid: int, sign: signal.Signals = signal.SIGKILL) -> bool:
    """Signal every process of the group led by `pid`; False if none is left."""
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


def is_alive(pid: int) -> bool:
    """Whether there is such a process, including one that is just ending."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The command line of a running process; empty if there is none."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        pass
    if sys.platform == "linux":
        return ""
    answer = subprocess.run(  # noqa: S603
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder this is; only Linux tells."""
    found, real = [], folder.resolve()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == real:
                found.append(int(process.name))
        except OSError:  # it has ended, or is somebody else's
            continue
    return found
