"""bin/bench import: a GIAS file of many schools, read, brought in, and brought in once more."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import transaction

from cohorts.models import ImportRun
from dlp.bench.gias_file import write_file
from dlp.tables import read_rows
from placements.gias.previewing import Preview
from placements.gias.rows import COLUMNS, LIMITS
from placements.gias.showing import Shown
from placements.operations.gias import import_gias

NAME = 28


def bench_import(schools: int) -> None:
    """Print what each pass through the file takes; other programs read the last two lines."""
    call_command("migrate", verbosity=0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "edubasealldata.csv"
        source = write_file(path, schools)
        megabytes = path.stat().st_size / 1e6
        print(
            f"{schools:,} schools, {source}; {megabytes:.0f} MB\n{'':{NAME}}seconds  schools",
            flush=True,
        )
        timed("look at it", lambda: look(path))
        seconds = timed("bring it in", lambda: bring_in(path)["new"])
        timed("bring it in once more", lambda: bring_in(path)["unchanged"])
    print(f"\nseconds: {seconds:.1f}\npeak MB: {peak_megabytes():.0f}")


def timed(title: str, way: Callable[[], int]) -> float:
    began = time.perf_counter()
    found = way()
    seconds = time.perf_counter() - began
    print(f"{title:{NAME}}{seconds:7.1f}{found:9,}", flush=True)
    return seconds


def look(path: Path) -> int:
    with path.open("rb") as file:
        table = read_rows(file, COLUMNS, limits=LIMITS)
        return Preview(lambda rows: None).schools(table, Shown())["new"]


def bring_in(path: Path) -> dict[str, int]:
    with path.open("rb") as file, transaction.atomic():
        run: ImportRun = import_gias(file, file_name=path.name)
    return run.counts


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
