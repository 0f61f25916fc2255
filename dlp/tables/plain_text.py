"""A CSV as records: encoding, line ends and delimiter are detected, never asked for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import IO

from dlp.errors import Refused
from dlp.tables.headers import Headers
from dlp.tables.records import EMPTY, HEAD, NOT_A_TABLE, Limits, Record, Source

DELIMITERS = ",;\t|"
MAX_LINE_BYTES = 1024 * 1024
DOS_END = b"\x1a"
"""Ctrl-Z, which old programs write after the last line."""


def open_text(file: IO[bytes], headers: Headers, limits: Limits) -> Source:
    """Read a CSV in UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon or tab.

    Raises Refused, in a sentence, if it is no CSV, too large or empty; so do the records.
    """
    lines = _Lines(file, limits)
    head = lines.peek(HEAD)
    if not head:
        raise Refused(EMPTY)
    found = {mark: headers.most_known(_parted(head, mark)) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: found[mark][0])
    return Source(_records(lines, delimiter), header=found[delimiter][1])


def _parted(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """The first records by this delimiter, up to where it makes no sense."""
    try:
        for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            yield Record(0, cells)
    except csv.Error:
        return


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    while True:
        begins = lines.number + 1
        lines.record = []
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refused(
                f"A cell that begins on line {begins} is longer than {csv.field_size_limit():,} "
                f"characters. Shorten it, or look for a quotation mark there that is never closed."
            ) from error
        if lines.ended and lines.record:
            raise Refused(
                f"A quotation mark that is opened on line {begins} is never closed. Close it or "
                f"take it out."
            )
        if cells is None:
            return
        yield Record(begins, cells)


class _Lines:
    """The text lines of a file, each decoded by itself, so that one Latin-1 row spoils no other."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = _as_bytes_of_single_letters(file)
        self._limits = limits
        self._bytes = 0
        self._waiting: list[str] = []
        self.number = 0
        self.record: list[str] = []  # the lines of the record being read
        self.ended = False
        _refuse_what_is_no_text(self._file)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._waiting:  # a file may be nothing but the mark at its beginning
            self._read_on()
        self.number += 1
        line = self._waiting.pop(0)
        self.record.append(line)
        return line

    def peek(self, count: int) -> list[str]:
        """The lines up to the `count`th that holds something; they are still to be read."""
        passed: list[str] = []
        filled = 0
        while filled < count and (line := next(self, None)) is not None:
            passed.append(line)
            filled += bool(line.strip(DELIMITERS + '" \r\n'))
        self._waiting = passed + self._waiting
        self.number, self.ended = 0, False
        return passed if filled else []

    def _read_on(self) -> None:
        raw = self._file.readline(MAX_LINE_BYTES + 1).rstrip(DOS_END)
        if not raw:
            self.ended = True
            raise StopIteration
        if len(raw) > MAX_LINE_BYTES or b"\0" in raw:
            raise Refused(NOT_A_TABLE)
        first = self._bytes == 0
        self._bytes += len(raw)
        self._limits.check_size(self._bytes)
        if first:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        pieces = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", raw)
        self._waiting = [_decode(piece) for piece in pieces]


def _as_bytes_of_single_letters(file: IO[bytes]) -> IO[bytes]:
    """The file; in UTF-8 where Excel wrote "Unicode text", two bytes a letter."""
    mark = file.read(2)
    file.seek(0)
    if mark not in (b"\xff\xfe", b"\xfe\xff"):
        return file
    try:
        return io.BytesIO(file.read().decode("utf-16").encode())
    except UnicodeDecodeError:
        raise Refused(NOT_A_TABLE) from None


def _refuse_what_is_no_text(file: IO[bytes]) -> None:
    start = file.read(4096).rstrip(DOS_END)
    file.seek(0)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            "This is a workbook, not a CSV file. In your spreadsheet choose “Save as”, then "
            "“CSV UTF-8”, and bring in that file."
        )
    signatures = (b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"GIF8")
    control = sum(byte < 9 or 13 < byte < 32 for byte in start)
    if start.startswith(signatures) or b"\0" in start or control > len(start) // 100:
        raise Refused(NOT_A_TABLE)


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")  # five bytes mean nothing in Windows-1252
