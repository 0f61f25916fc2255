"""Which source files have changed since the last look."""

from __future__ import annotations

import os
import time
from pathlib import Path

WATCHED = ("dlp", "cohorts", "placements", "training", "templates", "static")


def source_times(root: Path) -> dict[str, tuple[int, int]]:
    """Time of change and size of every file that the site is made of, by its path below `root`."""
    found: dict[str, tuple[int, int]] = {}
    for name in WATCHED:
        for folder, folders, files in os.walk(root / name):
            folders[:] = [inner for inner in folders if inner != "__pycache__"]
            for file in files:
                path = Path(folder, file)
                try:
                    state = path.stat()
                except FileNotFoundError:  # an editor's file, gone again
                    continue
                found[str(path.relative_to(root))] = (state.st_mtime_ns, state.st_size)
    return found


class Watch:
    """For --reload: compares, at most once a second. Static files are served as they lie, so they are left out."""

    ENDINGS = (".py", ".html", ".txt", ".toml")

    def __init__(self, root: Path) -> None:
        self.root = root
        self.times = self._times()
        self.looked_at = time.monotonic()

    def changed(self) -> str | None:
        """A file that changed, appeared or vanished; None if nothing did."""
        if time.monotonic() - self.looked_at < 1:
            return None
        self.looked_at = time.monotonic()
        before, self.times = self.times, self._times()
        different = dict(before.items() ^ self.times.items())
        return min(different, default=None)

    def _times(self) -> dict[str, tuple[int, int]]:
        times = source_times(self.root)
        return {name: state for name, state in times.items() if name.endswith(self.ENDINGS)}
