"""An Excel workbook as records. Nothing in it is run, decompressed without limits, or fetched."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time
from itertools import islice
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from dlp.errors import Refused
from dlp.tables.archives import (
    MAGIC,
    TOO_MUCH,
    UNREADABLE,
    Archive,
    blaming_the_file,
    refuse_bombs,
    refuse_other_kinds,
)
from dlp.tables.headers import Headers
from dlp.tables.records import EMPTY, HEAD, Limits, Record, Source, lines_in_words

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MAX_SHEETS = 20
MAX_TAGS_OF_TEXTS = 600_000
"""Maximum tags of the shared texts; openpyxl is slow with these and keeps them all."""


def is_workbook(file: IO[bytes]) -> bool:
    """Decided by its content; a name proves nothing."""
    start = file.read(4)
    file.seek(0)
    return start in MAGIC


def open_workbook(file: IO[bytes], headers: Headers, limits: Limits) -> Source:
    """Read the sheet whose header names the most known columns; the first of equals.

    Raises Refused, in a sentence, if it is no .xlsx, locked, empty, or too large.
    """
    refuse_other_kinds(file)
    refuse_bombs(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drawings and styles, of no account here
        with blaming_the_file():
            reader = _Reader(file)
        with closing(reader.archive):
            with blaming_the_file():
                reader.read()
            return _read(reader.wb, headers, limits)


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl, given an archive that is bounded; the texts that cells share have a bound of their own."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, keep_links=False)
        self.archive = Archive(file)

    def read_strings(self) -> None:
        kept_for_sheets = self.archive.tags_left
        self.archive.tags_left = MAX_TAGS_OF_TEXTS
        super().read_strings()
        self.archive.tags_left = kept_for_sheets


class _Rows(WorkSheetParser):  # type: ignore[misc]
    """The rows of a sheet and nothing else of it. A formula is kept as it is written."""

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _, element in iterparse(self.source):
            if element.tag == DATA_TAG:
                return
            if element.tag == ROW_TAG:
                if len(element) > LAST_COLUMN:
                    raise Refused(TOO_MUCH)
                yield self.parse_row(element)
                element.clear()

    def parse_formula(self, element: Any) -> str:
        return f"={element.findtext(FORMULA_TAG) or ''}"

    def hidden(self) -> set[int]:
        """Those of the rows gone through that a filter or a hand has hidden."""
        return {
            int(line)
            for line, marks in self.row_dimensions.items()
            if marks.get("hidden") in ("1", "true")
        }


class _Sheet:
    """One sheet, gone through from its beginning as its records are asked for."""

    def __init__(self, sheet: Any, limits: Limits) -> None:
        self.title, self.limits = sheet.title[:40], limits
        with blaming_the_file():
            self.rows = _Rows(
                sheet._get_source(),
                sheet._shared_strings,
                epoch=sheet.parent.epoch,
                date_formats=sheet.parent._date_formats,
                timedelta_formats=sheet.parent._timedelta_formats,
            )

    def records(self) -> Iterator[Record]:
        """The rows with something in them. Raises Refused for more text than a CSV may hold."""
        left = self.limits.megabytes * 1024 * 1024
        last = 0
        for line, cells in self._parsed():
            if line > LAST_ROW:
                return
            if line <= last:
                raise Refused(UNREADABLE)
            last = line
            texts = [""] * (self.limits.columns + 1)
            for cell in cells:
                if text := _as_text(cell["value"]):  # the last place stands for all beyond it
                    texts[min(cell["column"], len(texts)) - 1] = text
            left -= sum(map(len, texts))
            if left < 0:
                raise Refused(TOO_MUCH)
            if any(texts):
                yield Record(line, texts)

    def _parsed(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        with blaming_the_file(), closing(self.rows.source):
            yield from self.rows.parse()


def _read(book: Any, headers: Headers, limits: Limits) -> Source:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets = visible[:MAX_SHEETS]
    heads = [list(islice(_Sheet(sheet, limits).records(), HEAD)) for sheet in sheets]
    if not any(heads):
        raise Refused(EMPTY)
    known = [headers.most_known(head) if head else (-1, 0) for head in heads]
    chosen = max(range(len(sheets)), key=lambda number: known[number][0])
    sheet, header = _Sheet(sheets[chosen], limits), known[chosen][1]
    most = limits.rows + HEAD + 1  # one row too many is enough to refuse it
    records = list(islice(sheet.records(), most))
    notes = []
    if others := [f"“{other.title[:40]}”" for other in visible if other is not sheets[chosen]]:
        notes.append(
            f"Only the sheet “{sheet.title}” was read; the file also holds "
            f"{', '.join(others[:5])}{' and others' if others[5:] else ''}."
        )
    if hidden := sheet.rows.hidden() & {record.line for record in records[header + 1 :]}:
        notes.append(_say_hidden(sorted(hidden)))
    return Source(iter(records), header, notes, book.epoch.date())


def _as_text(value: Any) -> str:
    """A cell as in a CSV. A formula stays one, and so is refused like any other."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return str(value)


def _say_hidden(lines: list[int]) -> str:
    are, were = ("is", "was") if len(lines) == 1 else ("are", "were")
    return f"{lines_in_words(lines)} {are} hidden in the workbook and {were} read like the others."
