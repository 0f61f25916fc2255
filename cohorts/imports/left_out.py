"""The rows that were left out, as a file to put right and bring in again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from cohorts.imports.rows import LINE, WRONG
from cohorts.models import ImportRun


def file_name_of(run: ImportRun) -> str:
    return f"{PurePath(run.file_name).stem or 'people'}, left out.csv"


def header_of(run: ImportRun) -> list[str]:
    return [LINE, *(title for title in run.columns if title not in (LINE, WRONG)), WRONG]


def rows_of(run: ImportRun) -> Iterator[list[str | int]]:
    """Each row as it stood in the file, between its line and the reason."""
    kept = [place for place, title in enumerate(run.columns) if title not in (LINE, WRONG)]
    for row in run.rows:
        if row["state"] == ImportRun.RowState.ERROR:
            written = dict(enumerate(row["written"]))
            yield [row["line"], *(written.get(place, "") for place in kept), row["message"]]
