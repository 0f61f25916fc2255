"""bin/manage: a management command with the settings of the copy that runs here."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dlp.embedded.environment import ROOT, site_environment, var_folder
from dlp.embedded.errors import CannotStart

KEPT = ("BASE_URL", "DATABASE_URL", "REDIS_URL")


def leave_word(var: Path, env: Mapping[str, str]) -> None:
    """Record, for our own account only, where the running copy's servers are."""
    path = var / "running"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({name: env[name] for name in KEPT}, file)


def take_word_back(var: Path) -> None:
    (var / "running").unlink(missing_ok=True)


def manage(arguments: list[str]) -> int:
    """Become manage.py. Returns only if nothing runs here and no URL points elsewhere."""
    try:
        os.environ.update(running_copy(var_folder()))
    except CannotStart as reason:
        print(reason, file=sys.stderr)  # noqa: T201
        return 1
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "manage.py", *arguments])  # noqa: S606


def running_copy(var: Path) -> dict[str, str]:
    """The settings of the running copy; those in the environment take precedence."""
    try:
        kept = json.loads((var / "running").read_text())
    except FileNotFoundError:
        kept = {}
    if missing := [name for name in KEPT if not (os.environ.get(name) or kept.get(name))]:
        raise CannotStart(
            f"Nothing is running here, and {', '.join(missing)} is not set. Start bin/start in "
            f"another terminal first, or point the settings at your own servers."
        )
    env = site_environment(var, port=0)
    return {**env, **{name: os.environ.get(name) or kept[name] for name in KEPT}}
