"""Reading a table: the header first, then row by row the columns we know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from dlp.errors import Refused
from dlp.tables.cells import is_error, is_formula, plain_cell
from dlp.tables.headers import Column, Headers
from dlp.tables.plain_text import open_text
from dlp.tables.records import EMPTY, Limits, Record, Source, lines_in_words
from dlp.tables.workbooks import is_workbook, open_workbook


@dataclass
class Row:
    """One row under the header.

    `line` is its first line in the file, counted from 1. `cells` has the known columns by name;
    `written` is the whole row as it is.
    """

    line: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


class Table:
    """A file with its header understood; iterate once for its rows without blank ones.

    `titles` is the header, `found` the columns we know, `ignored` the titles we do not. `notes`
    says, once the rows are read, what was skipped or is worth knowing. Iterating raises Refused if
    the file exceeds a limit, breaks off, or has no rows.
    """

    def __init__(self, source: Source, headers: Headers, limits: Limits) -> None:
        self.limits = limits
        self.notes = source.notes
        self.day_zero = source.day_zero
        self._records = source.records
        self.titles = self._read_titles(source.header)
        self._places = headers.match(self.titles)
        self._naming = {column.name for column in headers.columns if column.is_name}
        self.found = frozenset(self._places)
        known = set(self._places.values())
        self.ignored = [
            title for place, title in enumerate(self.titles) if title and place not in known
        ]

    def _read_titles(self, header: int) -> list[str]:
        above = list(islice(self._records, header))
        record = next(self._records, None)
        if record is None:
            raise Refused(EMPTY)
        if not all(one.is_blank or _is_hint(one) for one in above):
            self.notes.append(
                f"The names of the columns were found on line {record.line}; what stands above "
                f"them was not read."
            )
        titles = [plain_cell(cell) for cell in record.cells]
        while titles and not titles[-1]:
            titles.pop()
        if len(titles) > self.limits.columns:
            raise Refused(
                f"The file has more than {self.limits.columns} columns, the most for one import. "
                f"Take out those that are not needed."
            )
        return titles

    def __iter__(self) -> Iterator[Row]:
        count, beyond = 0, []
        for record in self._records:
            if record.is_blank:
                continue
            row = self._row(record)
            if not count and _are_instructions(row, self._naming):
                self.notes.append(
                    f"Line {record.line} reads like instructions for filling in the file and was "
                    f"passed over."
                )
                continue
            count += 1
            if count > self.limits.rows:
                raise Refused(
                    f"The file has more than {self.limits.rows:,} rows, the most for one import. "
                    f"Split it, and bring in the parts one after another."
                )
            if any(cell.strip() for cell in record.cells[len(self.titles) :]):
                beyond.append(record.line)
            yield row
        if beyond:
            self.notes.append(
                f"{lines_in_words(beyond)}: what stands beyond the last column was not read."
            )
        if not count:
            raise Refused(
                "The file has a header and no rows under it. Add the rows, then try again."
            )

    def _row(self, record: Record) -> Row:
        line, written = record
        row = Row(line, {}, written=written[: len(self.titles)])
        for name, place in self._places.items():
            cell = plain_cell(written[place]) if place < len(written) else ""
            if not cell:
                row.cells[name] = ""
                continue
            title = self.titles[place]
            if len(cell) > self.limits.characters:
                row.problems.append(
                    f"The cell under “{title}” is longer than {self.limits.characters:,} "
                    f"characters. Shorten it."
                )
                cell = cell[:80]
            elif is_formula(cell):
                row.problems.append(
                    f"The cell under “{title}” is a formula. Put its result there instead."
                )
            elif is_error(cell):
                row.problems.append(
                    f"The cell under “{title}” shows {cell}, a formula that failed. Put what it "
                    f"should say there instead."
                )
            row.cells[name] = cell
        return row


def read_rows(
    file: IO[bytes],
    columns: Sequence[Column],
    *,
    limits: Limits | None = None,
    takes_workbooks: bool = False,
) -> Table:
    """Open a CSV, or a workbook where that is taken, with its columns in any order.

    Reads the header at once and the rows as they are asked for. Raises Refused, in a sentence, for
    what is no table, too large, empty, or lacks a column that is required.
    """
    limits = limits or Limits()
    headers = Headers(columns)
    limits.check_size(getattr(file, "size", None) or 0)
    opened = open_workbook if takes_workbooks and is_workbook(file) else open_text
    return Table(opened(file, headers, limits), headers, limits)


_HINT = re.compile(r"\"?sep=.?\"?", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"[Ee]\.g\b|eg[ .:,]|Eg:|[Ff]or example\b|(?:Example|example|EXAMPLE)(?:[:.]| row| only)"
)
_INSTRUCTION = re.compile(
    r"(?:enter|type|write|use|must be) (?:.* )?names?\b.*"
    r"|(?:free )?text|(?:required|optional|mandatory|compulsory)(?: field)?"
    r"|as (?:it appears|shown|on (?:the|their|your))\b.*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _is_hint(record: Record) -> bool:
    """ "sep=;", as some spreadsheets write it, split by its own delimiter or not."""
    return bool(_HINT.fullmatch("".join(record.cells).strip()))


def _are_instructions(row: Row, naming: set[str]) -> bool:
    """Whether the name itself tells people what to write; in doubt it is somebody's.

    A name that begins with "e.g." is enough; else all of it tells, and no address stands beside it.
    """
    names = [cell for column, cell in row.cells.items() if column in naming and cell]
    if any(_EXAMPLE.match(cell) for cell in names):
        return True
    return (
        bool(names)
        and all(_INSTRUCTION.fullmatch(cell) for cell in names)
        and not any(_ADDRESS.fullmatch(cell) for cell in row.cells.values())
    )
