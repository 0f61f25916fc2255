"""Servers and settings of their own for bin/test, bin/bench and bin/drill, removed after the run."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from dlp.embedded.console import Console
from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.postgres import Cluster
from dlp.embedded.supervisor import Stopped, Supervisor
from dlp.embedded.valkey import Valkey

ROOM_IN_MEMORY = 2 * 1024**3
FROM_OUTSIDE = (
    "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "RELAY_LOG", "MAILBOX_TOKEN", "DEBUG", "PROXY_COUNT",
)  # fmt: skip


def supervised(job: Callable[[Guard, Supervisor], int]) -> int:
    """Do the job, stop whatever it started, and return its code; 1 if it could not be begun."""
    console = Console()
    guard = Guard()
    supervisor = Supervisor(console, guard)
    try:
        return job(guard, supervisor)
    except Stopped:
        console.say("Stopped.")
        return 130
    except CannotStart as reason:
        console.say(str(reason))
        return 1
    finally:
        supervisor.stop()
        guard.dismiss()


def scratch_folder(guard: Guard, name: str) -> Path:
    """In memory where there is room (a container's /dev/shm may hold 64 MB); gone when we are."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp's name cannot be guessed
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    parent = memory if has_room and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=f"dlp-{name}-", dir=parent))
    folder.chmod(0o711)  # ours: Postgres, as `nobody`, enters but does not look round
    guard.remove_at_end(folder)
    (folder / "var").mkdir()
    return folder


def scratch_environment(folder: Path) -> dict[str, str]:
    """As on a laptop: http on loopback, and nothing that happens to be set in the terminal."""
    env = {name: value for name, value in os.environ.items() if name not in FROM_OUTSIDE}
    return env | {
        "DJANGO_SETTINGS_MODULE": "dlp.settings",
        "BASE_URL": "http://localhost:8000",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SEALING_KEY": secrets.token_urlsafe(48),
        "VAR_DIR": str(folder / "var"),
        "REDIS_PREFIX": "dlp",
    }


def start_servers(supervisor: Supervisor, valkey: Valkey, cluster: Cluster) -> dict[str, str]:
    """Start both and wait until they answer; the settings that lead to them."""
    program = supervisor.start(valkey.program())
    supervisor.wait_until(valkey.is_ready, program, seconds=30)
    program = supervisor.start(cluster.program())
    supervisor.wait_until(cluster.readiness_of(program), program, seconds=60)
    return {"REDIS_URL": valkey.url, "DATABASE_URL": cluster.url}
