"""The settings that bin/start gives to everything it runs; settings already present stay."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from dlp.embedded.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]


def var_folder() -> Path:
    """Where everything that must be kept lies: $VAR_DIR, or var/ in this folder."""
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
    try:
        var.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"{var} cannot be made: {error.strerror}.") from error
    if not os.access(var, os.W_OK | os.X_OK):
        raise CannotStart(
            f"{var} belongs to somebody else, so nothing can be kept there. Start as its owner, "
            f"or set VAR_DIR to a folder of your own."
        )
    return var


def kept_secret(path: Path) -> str:
    """A secret generated once, readable only by us, and the same at every start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret


def site_environment(var: Path, *, port: int, is_reloading: bool = False) -> dict[str, str]:
    """The environment without DATABASE_URL and REDIS_URL, which the servers know."""
    env = dict(os.environ)
    env["VAR_DIR"] = str(var)
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")
    for name in ("SECRET_KEY", "SEALING_KEY"):
        if not env.get(name):
            env[name] = kept_secret(var / name.lower())
    if not env.get("BASE_URL"):
        env["BASE_URL"] = f"http://localhost:{port}"
    env["BASE_URL"] = env["BASE_URL"].rstrip("/")
    env.pop("MAILBOX_TOKEN", None)
    if not env.get("EMAIL_URL"):
        env["MAILBOX_TOKEN"] = secrets.token_urlsafe(24)
    if is_reloading:
        env.setdefault("DEBUG", "1")
    return env


def is_open_to_network(base_url: str) -> bool:
    """Whether people come straight from the network: a plain-http address that is not this machine's.

    An https address means a proxy in front, and that speaks to us on loopback.
    """
    parts = urlsplit(base_url)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")
