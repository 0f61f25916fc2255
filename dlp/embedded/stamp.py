"""Whether anything has changed since the last good start.

If not, migrations and static files are up to date.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from dlp.embedded.environment import ROOT
from dlp.embedded.watch import source_times


class Stamp:
    """A digest of the lock, of each source and static file's time and size, and of DATABASE_URL."""

    def __init__(self, path: Path, database_url: str) -> None:
        self.path = path
        described = [database_url, (ROOT / "requirements.txt").read_text(encoding="utf-8")]
        described += [f"{name} {times}" for name, times in sorted(source_times(ROOT).items())]
        self.digest = hashlib.sha256("\n".join(described).encode()).hexdigest()

    def holds(self) -> bool:
        is_collected = (self.path.parent / "static" / "staticfiles.json").exists()
        try:
            return is_collected and self.path.read_text(encoding="ascii") == self.digest
        except FileNotFoundError:
            return False

    def write(self) -> None:
        self.path.write_text(self.digest, encoding="ascii")
