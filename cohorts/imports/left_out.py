"""The rows that were left out, as a file to correct and bring in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from cohorts.imports.people import shown_state
from cohorts.imports.rows import LINE, WRONG
from cohorts.models import ImportRun

RowState = ImportRun.RowState


def file_name_of(run: ImportRun) -> str:
    return f"{PurePath(run.file_name).stem or 'people'}, left out.csv"


def header_of(run: ImportRun) -> list[str]:
    return [LINE, *(title for title in run.columns if title not in (LINE, WRONG)), WRONG]


def rows_of(run: ImportRun) -> Iterator[list[str | int]]:
    """Each row as it stood in the file, between its line and the reason."""
    kept = [place for place, title in enumerate(run.columns) if title not in (LINE, WRONG)]
    for row in run.rows:
        if why := why_not(row):
            written = dict(enumerate(row["written"]))
            yield [row["line"], *(written.get(place, "") for place in kept), why]


def why_not(row: Mapping[str, Any]) -> str:
    """Why a row is not saved; empty if it is."""
    state = shown_state(row)
    if state == RowState.OUT:
        return "You left this row out."
    if state == RowState.AMBIGUOUS:
        return f"{row['message']} Nobody chose who is meant."
    return row["message"] if state == RowState.ERROR else ""
