"""Tables as people keep them in spreadsheets: reading any CSV that comes in, writing every CSV that goes out.

Pure: no models. Both ways are streamed, and nothing that leaves can run as a formula (S28, S29).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_text_list

from dlp.errors import Refused
from dlp.text import fold

DELIMITERS = ",;\t"
MAX_LINE_BYTES = 1024 * 1024
_FORMULA_STARTS = "=+-@\t\r\0"
_BATCH = 500


@dataclass(frozen=True)
class Column:
    """One thing a file may tell us, under any of these headers (case, spaces and marks aside)."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    def answers_to(self) -> set[str]:
        return {_folded_header(header) for header in (self.name, self.label, *self.aliases)}


@dataclass(frozen=True)
class Limits:
    """How much a file may hold (S29)."""

    rows: int = 5_000
    megabytes: int = 5
    columns: int = 50
    characters: int = 2_000


@dataclass
class Row:
    """One row under the header. `line` is where it begins in the file, counted from 1."""

    line: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)


class Table:
    """A file whose header is understood; iterate once for its rows, blank ones left out.

    `found` names the columns that are there, `ignored` the headers that mean nothing to us.
    Iterating raises Refused where the file goes over a limit, breaks off, or has no rows.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[Column], limits: Limits) -> None:
        self.limits = limits
        self._lines = _Lines(file, limits)
        header = self._read_header(columns)
        self._places, self.ignored = _match_header(header, columns)
        self.found = frozenset(self._places)

    def _read_header(self, columns: Sequence[Column]) -> list[str]:
        known = set().union(*(column.answers_to() for column in columns))
        for line in self._lines:
            text = line.strip()
            hint = re.fullmatch(r"\"?sep=(.)\"?", text, re.IGNORECASE)
            if not text.strip(DELIMITERS + '" ') or hint:
                continue
            self.delimiter = max(
                DELIMITERS, key=lambda mark: len(known & set(_folded_cells(line, mark)))
            )
            self._lines.push_back(line)
            self._reader = csv.reader(self._lines, delimiter=self.delimiter, skipinitialspace=True)
            header = _next_record(self._reader, self._lines)
            if header is None:
                break
            if len(header) > self.limits.columns:
                raise Refused(
                    f"The file has {len(header)} columns; {self.limits.columns} is the most. "
                    f"Take out those that are not needed."
                )
            return header
        raise Refused("The file is empty. Choose one with a header and a row for each record.")

    def __iter__(self) -> Iterator[Row]:
        count = 0
        while True:
            line = self._lines.number + 1
            record = _next_record(self._reader, self._lines)
            if record is None:
                break
            if not any(cell.strip() for cell in record):
                continue
            count += 1
            if count > self.limits.rows:
                raise Refused(
                    f"The file has more than {self.limits.rows:,} rows, the most for one import. "
                    f"Split it, and bring in the parts one after another."
                )
            yield self._row(line, record)
        if not count:
            raise Refused(
                "The file has a header and no rows under it. Add the rows, then try again."
            )

    def _row(self, line: int, record: list[str]) -> Row:
        row = Row(line, {})
        for name, (place, header) in self._places.items():
            cell = _plain_cell(record[place]) if place < len(record) else ""
            if len(cell) > self.limits.characters:
                row.problems.append(
                    f"The cell under “{header}” is longer than {self.limits.characters:,} "
                    f"characters. Shorten it."
                )
                cell = cell[:80]
            elif is_formula(cell):
                row.problems.append(
                    f"The cell under “{header}” is a formula. Put its result there instead."
                )
            row.cells[name] = cell
        return row


def read_rows(file: IO[bytes], columns: Sequence[Column], *, limits: Limits | None = None) -> Table:
    """Open a CSV in UTF-8 or Windows-1252, parted by comma, semicolon or tab, headers in any order.

    Reads the header at once and the rows as they are asked for. Raises Refused, in a sentence, for
    what is no CSV, too large, empty, or lacks a column that is required.
    """
    return Table(file, columns, limits or Limits())


class _Lines:
    """The text lines of a file, each decoded by itself: one Latin-1 row spoils no other."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._bytes = 0
        self._waiting: list[str] = []
        self.number = 0
        self.record: list[str] = []  # the lines of the record being read
        self.ended = False
        size = getattr(file, "size", None)
        if size is not None:
            self._check_size(size)
        _refuse_what_is_no_text(file)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._waiting:  # a file may be nothing but the mark at its beginning
            self._read_on()
        self.number += 1
        line = self._waiting.pop(0)
        self.record.append(line)
        return line

    def push_back(self, line: str) -> None:
        self._waiting.insert(0, line)
        self.number -= 1

    def _read_on(self) -> None:
        raw = self._file.readline(MAX_LINE_BYTES + 1)
        if not raw:
            self.ended = True
            raise StopIteration
        if len(raw) > MAX_LINE_BYTES or b"\0" in raw:
            raise Refused(NOT_A_TABLE)
        first = self._bytes == 0
        self._bytes += len(raw)
        self._check_size(self._bytes)
        text = _decode(raw.removeprefix(b"\xef\xbb\xbf") if first else raw)
        self._waiting = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)

    def _check_size(self, size: int) -> None:
        if size > self._limits.megabytes * 1024 * 1024:
            raise Refused(
                f"The file is {size / 1024 / 1024:.1f} MB; {self._limits.megabytes} MB is the most. "
                f"Split it, and bring in the parts one after another."
            )


NOT_A_TABLE = (
    "This is not a CSV file. In your spreadsheet choose “Save as”, then “CSV UTF-8”, "
    "and bring in that file."
)


def _refuse_what_is_no_text(file: IO[bytes]) -> None:
    start = file.read(4096)
    file.seek(0)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            "This is a workbook, not a CSV file. In your spreadsheet choose “Save as”, then "
            "“CSV UTF-8”, and bring in that file."
        )
    signatures = (b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"GIF8", b"\xff\xfe", b"\xfe\xff")
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


def _next_record(reader: Iterator[list[str]], lines: _Lines) -> list[str] | None:
    lines.record = []
    begins = lines.number + 1
    try:
        record = next(reader, None)
    except csv.Error as error:
        raise Refused(
            f"The file cannot be read from line {begins} on. Look for a quotation mark that is "
            f"never closed."
        ) from error
    if lines.ended and len(lines.record) > 1 and "".join(lines.record).count('"') % 2:
        raise Refused(
            f"A quotation mark that is opened on line {begins} is never closed. Close it or take "
            f"it out."
        )
    return record


def _folded_header(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(header)).strip()


def _folded_cells(line: str, delimiter: str) -> list[str]:
    record = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return [_folded_header(cell) for cell in record]


def _match_header(
    header: list[str], columns: Sequence[Column]
) -> tuple[dict[str, tuple[int, str]], list[str]]:
    names = {answer: column for column in columns for answer in column.answers_to()}
    places: dict[str, tuple[int, str]] = {}
    ignored = []
    for place, raw in enumerate(header):
        title = raw.strip()
        column = names.get(_folded_header(title))
        if column is None:
            if title:
                ignored.append(title)
        elif column.name in places:
            raise Refused(
                f"“{places[column.name][1]}” and “{title}” are both columns for the "
                f"{column.label}. Keep one of them."
            )
        else:
            places[column.name] = (place, title)
    missing = [column.label for column in columns if column.required and column.name not in places]
    if missing:
        raise Refused(
            f"The file has no column for the {get_text_list(missing, 'or the')}. Add it, with its "
            f"name in the first row."
        )
    return places, ignored


def _plain_cell(cell: str) -> str:
    """Trim, and drop the apostrophe that keeps a spreadsheet from changing what follows it."""
    cell = cell.strip().strip("\ufeff\u00a0").strip()
    if len(cell) > 1 and cell[0] == "'" and (cell[1].isdigit() or cell[1] in _FORMULA_STARTS):
        return cell[1:].strip()
    return cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this: not a telephone number with a plus, nor a dash."""
    cell = cell.strip()
    return cell[:1] in ("=", "@") or bool(re.match(r"[+-]\s*[A-Za-z]+[\d(]|[+-].*[!|]", cell))


_DATE_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%Y/%m/%d",
)  # fmt: skip


def as_date(cell: str) -> date | None:
    """Read a date as people and spreadsheets write it, the day before the month; None for no date.

    Raises ValueError with a sentence. A number is a spreadsheet's count of days.
    """
    text = re.sub(r"[T ]00:00(:00(\.0+)?)?Z?$", "", cell.strip())
    if not text:
        return None
    found = None
    if re.fullmatch(r"\d{5}", text):
        found = date(1899, 12, 30) + timedelta(days=int(text))
    for pattern in _DATE_FORMATS:
        try:
            found = found or datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    if found is None or not 1900 <= found.year <= 2100:
        raise ValueError(f"“{text[:40]}” is not a date. Write it as 2026-09-01 or 1/9/2026.")
    return found


def safe_cell(value: Any) -> Any:
    """A value as it may stand in a spreadsheet: what could run as a formula becomes text (S28)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip("\ufeff\u00a0 ")[:1] in tuple(_FORMULA_STARTS) else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The text of a CSV, a few hundred rows a piece; begins with the mark that Excel wants."""
    writer = csv.writer(_Echo())
    piece = ["\ufeff", writer.writerow([safe_cell(cell) for cell in header])]
    for row in rows:
        piece.append(writer.writerow([safe_cell(cell) for cell in row]))
        if len(piece) >= _BATCH:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def write_csv(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Answer with a CSV to keep, row by row as `rows` gives them; every cell is formula-safe."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
