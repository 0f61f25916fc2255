"""What the programs of bin/ do first: make .venv and fill it from the lock. Standard library only."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.txt"
STAMP = VENV / "installed-lock"
SELDOM_LOADED = r"/(tests?|mypy|playwright|hypothesis|pip|setuptools|gis|locale)/"
TRY_AGAIN = (
    "Installing stopped; the reason is above. Put it right and start again: what is there is kept."
)


class CannotInstall(Exception):
    """The message is a full sentence for the person at the terminal."""


def run_in_venv(*arguments: str) -> None:
    """Become `python -m dlp.embedded …` in the virtual environment, made or mended first."""
    try:
        install()
    except CannotInstall as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit("Stopped while installing; the next start goes on from there.")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "dlp.embedded", *arguments])  # noqa: S606


def install() -> None:
    """Make .venv hold exactly what the lock says. At once when it does already."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    began = time.monotonic()
    print("Installing what the programme needs into .venv; this happens once.", flush=True)
    uv = working_uv()
    if not PYTHON.exists() or not (uv or (VENV / "bin" / "pip").exists()):
        make_venv(uv)
    if uv:
        quietly = ["--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        do([uv, "pip", "install", *quietly, "--require-hashes", "--requirement", str(LOCK)])
    else:
        pip_install()
    STAMP.write_text(wanted)
    print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def working_uv() -> str | None:
    """The uv on PATH, if there is one and it runs."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return uv
    return None


def make_venv(uv: str | None) -> None:
    """With uv, else with Python's own venv, which Debian and Ubuntu keep in a package of its own."""
    if (VENV / "pyvenv.cfg").exists():  # half made, or its Python or the uv that made it has gone
        shutil.rmtree(VENV)
    if uv:
        do([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
        return
    if not has_venv_module():
        add_venv_module()
    do([sys.executable, "-m", "venv", str(VENV)])


def pip_install() -> None:
    """pip works on one core; two of them with half the lock each take half as long.

    The lock is whole, so neither needs to look for dependencies.
    """
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    running = []
    for number, entries in enumerate(halves(LOCK.read_text())):
        part = VENV / f"requirements-{number}.txt"
        part.write_text(entries)
        options = ["--no-compile", "--no-deps", "--require-hashes", "--requirement", str(part)]
        running.append(subprocess.Popen([*pip, *options]))  # noqa: S603
    codes = [process.wait() for process in running]
    if any(codes):
        raise CannotInstall(TRY_AGAIN)
    compiling = [str(PYTHON), "-m", "compileall", "-q", "-j", "0", "-x", SELDOM_LOADED]
    subprocess.run([*compiling, str(VENV / "lib")], stdout=subprocess.DEVNULL, check=False)  # noqa: S603


def halves(lock: str) -> tuple[str, str]:
    """Every other entry of a lock; an entry goes from its name to the line before the next one's."""
    entries = re.findall(
        r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", lock, flags=re.DOTALL | re.MULTILINE
    )
    return "".join(entries[0::2]), "".join(entries[1::2])


def has_venv_module() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def add_venv_module() -> None:
    """Root on Debian or Ubuntu installs the package; anybody else is told its name."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise CannotInstall(
            f"This Python has no venv module. Install it (on Debian and Ubuntu: "
            f"sudo apt install {package}), or install uv, and start again."
        )
    print(f"This Python has no venv module; installing {package}.", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    do([apt, "update", "-qq"], env=quietly)
    do([apt, "install", "-y", "-qq", "--no-install-recommends", package], env=quietly)
    importlib.invalidate_caches()
    if not has_venv_module():
        raise CannotInstall(f"{package} is installed, but this Python still has no venv module.")


def do(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command whose own words tell what went wrong, if anything does."""
    if subprocess.run(command, env=env, check=False).returncode != 0:  # noqa: S603
        raise CannotInstall(TRY_AGAIN)
