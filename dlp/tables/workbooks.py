"""An Excel workbook as records. Nothing in it is run, unfolded without bounds, or fetched."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any

from openpyxl import load_workbook

from dlp.errors import Refused
from dlp.tables.headers import Headers
from dlp.tables.records import EMPTY, HEAD, Limits, Record, Source

MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
LAST_ROW = 1_048_576
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

SAVE_ANEW = "In your spreadsheet choose “Save as”, then “Excel workbook (.xlsx)” or “CSV UTF-8”, and bring in that file."  # fmt: skip
UNREADABLE = f"This file cannot be read as an Excel workbook. {SAVE_ANEW}"
TOO_MUCH = (
    "This workbook unfolds to far more than it seems to hold, so it was not opened. Copy the cells "
    "that are needed into a new one, and bring in that file."
)


def is_workbook(file: IO[bytes]) -> bool:
    """By what it holds; a name proves nothing."""
    start = file.read(4)
    file.seek(0)
    return start in (_ZIP, _OLE)


def open_workbook(file: IO[bytes], headers: Headers, limits: Limits) -> Source:
    """Read the sheet whose header names the most columns that we know; the first of equals.

    Raises Refused, in a sentence, for what is no .xlsx, locked, empty, or could not be held.
    """
    try:
        _refuse_other_kinds(file)
        _refuse_bombs(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drawings and styles, of no account here
            book = load_workbook(file, read_only=True, keep_links=False)
            try:
                return _read(book, headers, limits)
            finally:
                book.close()
    except Refused:
        raise
    except (
        Exception
    ) as error:  # whatever is wrong in a file that others made is wrong with the file
        raise Refused(UNREADABLE) from error


def _refuse_other_kinds(file: IO[bytes]) -> None:
    content = file.read()
    file.seek(0)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(
                "This workbook is locked with a password. Open it, take the password off, save it "
                "as .xlsx or “CSV UTF-8”, and bring in that file."
            )
        raise Refused(f"This is a workbook of the old kind (.xls). {SAVE_ANEW}")
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if "mimetype" in names:
            raise Refused(f"This is an OpenDocument file. {SAVE_ANEW}")
        if "xl/workbook.bin" in names:
            raise Refused(f"This is a binary workbook (.xlsb). {SAVE_ANEW}")
        if "xl/vbaProject.bin" in names or b"macroEnabled" in _start_of_types(archive):
            raise Refused(f"This workbook holds macros (.xlsm). {SAVE_ANEW}")


def _start_of_types(archive: zipfile.ZipFile) -> bytes:
    with archive.open("[Content_Types].xml") as types:
        return types.read(64 * 1024)


def _refuse_bombs(file: IO[bytes]) -> None:
    """Go by what the directory says, then read every entry, since a directory may lie (S29).

    zipfile gives out no more of an entry than the directory says, and testzip tells where that
    was not the whole of it.
    """
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, packed * MAX_RATIO):
            raise Refused(TOO_MUCH)
        if archive.testzip() is not None:
            raise Refused(UNREADABLE)


def _read(book: Any, headers: Headers, limits: Limits) -> Source:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    heads = [list(islice(_records(sheet, limits), HEAD)) for sheet in sheets]
    if not any(heads):
        raise Refused(EMPTY)
    known = [headers.most_known(head) if head else (-1, 0) for head in heads]
    chosen = max(range(len(sheets)), key=lambda number: known[number][0])
    sheet, header = sheets[chosen], known[chosen][1]
    most = limits.rows + HEAD + 1  # one row too many is enough to refuse it
    records = list(islice(_records(sheet, limits), most))
    notes = []
    if others := [f"“{other.title[:40]}”" for other in sheets if other is not sheet]:
        notes.append(
            f"Only the sheet “{sheet.title[:40]}” was read; the file also holds "
            f"{', '.join(others[:5])}{' and others' if others[5:] else ''}."
        )
    if hidden := _hidden_lines(sheet) & {record.line for record in records[header + 1 :]}:
        notes.append(_say_hidden(sorted(hidden)))
    return Source(iter(records), header, notes, book.epoch.date())


def _records(sheet: Any, limits: Limits) -> Iterator[Record]:
    """The rows with something in them. Raises Refused where they unfold to more than a CSV may hold."""
    left = limits.megabytes * 1024 * 1024
    rows = sheet.iter_rows(
        min_row=1, max_row=LAST_ROW, min_col=1, max_col=limits.columns + 1, values_only=True
    )
    for line, values in enumerate(rows, 1):
        if values.count(None) == len(values):
            continue
        record = Record(line, [_as_text(value) for value in values])
        left -= sum(map(len, record.cells))
        if left < 0:
            raise Refused(TOO_MUCH)
        yield record


def _as_text(value: Any) -> str:
    """A cell as a CSV would have it. A formula stays one, and so is refused like any other."""
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
    if isinstance(value, int | date | time):
        return str(value)
    return getattr(value, "text", None) or "="  # a formula over several cells


def _hidden_lines(sheet: Any) -> set[int]:
    """The rows that a filter or a hand has hidden; openpyxl keeps this to itself when it streams."""
    with sheet._get_source() as part:
        tags = re.findall(rb"<(?:\w+:)?row\b[^>]*>", part.read())
    return {
        int(number[1])
        for tag in tags
        if re.search(rb"\bhidden=[\"'](?:1|true)[\"']", tag)
        and (number := re.search(rb"\br=[\"'](\d+)[\"']", tag))
    }


def _say_hidden(lines: list[int]) -> str:
    said = ", ".join(map(str, lines[:10])) + (" and others" if lines[10:] else "")
    one = len(lines) == 1
    return (
        f"{'Line' if one else 'Lines'} {said} {'is' if one else 'are'} hidden in the workbook and "
        f"{'was' if one else 'were'} read like the others."
    )
