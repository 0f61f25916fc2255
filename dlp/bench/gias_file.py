"""A GIAS file as large as the real one, made of the rows of a small file, each as its own school."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from placements.gias import SMALL_FILE

INDEX = Path(settings.BASE_DIR).parent / "shared" / "data" / "gias" / "gias_index_all_urns.csv.gz"
"""URN, name and place of every school there ever was, where it lies beside the project."""


class Known(NamedTuple):
    """What differs from school to school."""

    urn: str
    name: str
    easting: str
    northing: str


def write_file(path: Path, schools: int) -> str:
    """Write the file; return where its schools come from, in words."""
    with SMALL_FILE.open(encoding="cp1252", newline="") as small:
        reader = csv.DictReader(small)
        header, rows = list(reader.fieldnames or []), list(reader)
    known, source = (_real, "real URNs") if INDEX.exists() else (_made_up, "made-up URNs")
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        writer = csv.DictWriter(file, header, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        for row, one in zip(cycle(rows), islice(known(), schools), strict=False):
            writer.writerow(
                {
                    **row,
                    "URN": one.urn,
                    "EstablishmentName": one.name,
                    "Easting": one.easting,
                    "Northing": one.northing,
                }
            )
    return source


def _real() -> Iterator[Known]:
    with gzip.open(INDEX, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if 100_000 <= int(row["URN"]) <= 999_999:
                yield Known(row["URN"], row["EstablishmentName"], row["Easting"], row["Northing"])


def _made_up() -> Iterator[Known]:
    for number in range(900_000):
        place = number % 500
        yield Known(
            str(100_000 + number),
            f"Harbour Lane School {number}",
            str(350_000 + 500 * place),
            str(150_000 + 700 * place),
        )
