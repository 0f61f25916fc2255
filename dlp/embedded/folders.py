"""Where the servers store data, and who can access it. Other people's folders are never changed."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import sys
import tempfile
from pathlib import Path

from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.processes import Account, run

STATE_FOLDER = Path("/var/lib/dlp")  # root only: what `nobody` must reach, when it cannot reach us
LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107
SOCKET_NAME_LENGTH = len("/.s.PGSQL.5432")
PLAIN_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"}


def server_account(data: Path) -> Account | None:
    """Who Postgres runs as: ourselves, or when we are root the data's owner, or else `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise CannotStart(
                f"{data} belongs to root, and Postgres refuses to run as root. "
                f"Give it to an ordinary user (chown -R) and start again."
            )
        return Account(owner.st_uid, owner.st_gid)
    return nobody()


def nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)


def can_reach(folder: Path, account: Account | None, guard: Guard) -> bool:
    """Whether `account` can enter `folder`; found by trying, which no reading of modes can match."""
    if account is None:
        return True
    trial = run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", folder],
        env=PLAIN_ENVIRONMENT,
        guard=guard,
        account=account,
    )
    return trial.returncode == 0


def fingerprint(path: Path) -> str:
    """Eight letters that tell one checkout's folders from another's."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def socket_folder(var: Path, account: Account | None, guard: Guard) -> Path:
    """A short path, since a socket's has at most 103 bytes; for this account's eyes only.

    The name can be guessed, so owner and mode are checked: a folder somebody else laid there is refused.
    """
    uid = account.uid if account else os.geteuid()
    name = f"dlp-{uid}-{fingerprint(var)}"
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - checked below
        folder = parent / name
        fits = len(os.fsencode(folder)) + SOCKET_NAME_LENGTH <= LONGEST_SOCKET
        if fits and can_reach(parent, account, guard):
            guard.remove_at_end(private_folder(folder, account))
            return folder
    raise CannotStart(
        "There is no temporary folder for the servers' sockets. Set TMPDIR to a short path."
    )


def private_folder(folder: Path, account: Account | None) -> Path:
    """Make `folder` with mode 0700, or check that it is ours and closed to everybody else."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    uid = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise CannotStart(
            f"{folder} belongs to somebody else or is open to others. Remove it and start again."
        )
    return folder


def state_folder(*parts: str) -> Path:
    """A folder of the system's that `nobody` reaches, for a root whose home is closed to it."""
    folder = STATE_FOLDER.joinpath(*parts)
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"Postgres refuses to run as root, the account 'nobody' cannot enter this folder, and "
            f"{STATE_FOLDER} cannot be made ({error.strerror}). Start as an ordinary user."
        ) from error
    return folder
