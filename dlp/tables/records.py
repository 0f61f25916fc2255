"""The common form of every file: records of text, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dlp.errors import Refused
from dlp.tables.dates import DAY_ZERO

HEAD = 50
"""How many non-empty records may be searched for the header."""


@dataclass(frozen=True)
class Limits:
    """How much a file may hold (S29)."""

    rows: int = 5_000
    megabytes: int = 5
    columns: int = 50
    characters: int = 2_000

    def check_size(self, size: int) -> None:
        """Raises Refused if the file is too large."""
        if size > self.megabytes * 1024 * 1024:
            raise Refused(
                f"The file is {size / 1024 / 1024:.1f} MB; {self.megabytes} MB is the most. "
                f"Split it, and bring in the parts one after another."
            )


class Record(NamedTuple):
    """The cells of one row of a file. `line` is where it begins, counted from 1."""

    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass
class Source:
    """A file as records. The one at `header` names the columns; titles may stand above it."""

    records: Iterator[Record]
    header: int
    notes: list[str] = field(default_factory=list)
    day_zero: date = DAY_ZERO


def lines_in_words(lines: Sequence[int]) -> str:
    """ "Line 3", or "Lines 3, 5"; of more than ten the first, and that there are others."""
    said = ", ".join(map(str, lines[:10])) + (" and others" if lines[10:] else "")
    return f"{'Line' if len(lines) == 1 else 'Lines'} {said}"


NOT_A_TABLE = (
    "This cannot be read as a table. In your spreadsheet choose “Save as”, then “CSV UTF-8”, "
    "and bring in that file."
)
EMPTY = "The file is empty. Choose one with a header and a row for each record."
