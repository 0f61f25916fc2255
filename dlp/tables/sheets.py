"""Writing a workbook: one sheet, streamed as its rows are requested, with nothing that runs.

openpyxl would build the sheet in memory and take seven times as long; it reads what comes in
(decision 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from dlp.calendar import wall
from dlp.tables.cells import may_run
from dlp.tables.dates import DAY_ZERO

_BATCH = 500
_LONGEST_CELL = 32_767
_FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets count a day that never was."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY, _MOMENT, _STAYS_TEXT, _TITLE = 1, 2, 3, 4
"""Places in the list of styles below. Text of the third stays text when somebody edits the cell."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XLSX = f"{_TYPE}.sheet"

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}  # fmt: skip


class _Pipe:
    """Output of the zip that has not been taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Everything is there already."""

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def workbook_pieces(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[bytes]:
    """The bytes of an .xlsx, a few hundred rows at a time."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=3) as book:  # type: ignore[call-overload]
        for name, text in {**_PARTS, "xl/workbook.xml": _workbook(title)}.items():
            book.writestr(name, _HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for text in _sheet(header, rows):
                sheet.write(text.encode())
                yield pipe.taken()
    yield pipe.taken()


def _workbook(title: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Sheet", {'"': "&quot;"})
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    letters = [_letters(place) for place in range(len(header))]
    titles = "".join(
        f'<c r="{letter}1" s="{_TITLE}" {_inline(title)}'
        for letter, title in zip(letters, header, strict=True)
    )
    piece = [
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f'</sheetViews><cols><col min="1" max="{len(header)}" width="20" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{titles}</row>'
    ]
    for line, row in zip(count(2), rows):  # noqa: B905  one of the two never ends
        cells = [
            _cell(f"{letter}{line}", value)
            for letter, value in zip(letters, row, strict=True)
            if value is not None and value != ""
        ]
        piece.append(f'<row r="{line}">{"".join(cells)}</row>')
        if len(piece) >= _BATCH:
            yield "".join(piece)
            piece = []
    yield "".join([*piece, "</sheetData></worksheet>"])


def _cell(place: str, value: Any) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    elif isinstance(value, date) and _days(value) is not None:
        style = _MOMENT if isinstance(value, datetime) else _DAY
        return f'<c r="{place}" s="{style}"><v>{_days(value)}</v></c>'
    text = str(value)
    kept = f' s="{_STAYS_TEXT}"' if may_run(text) else ""
    return f'<c r="{place}"{kept} {_inline(text)}'


def _inline(text: str) -> str:
    plain = _NOT_IN_XML.sub("", text)[:_LONGEST_CELL]
    return f't="inlineStr"><is><t xml:space="preserve">{escape(plain)}</t></is></c>'


def _days(value: date) -> float | None:
    """A date or moment as a spreadsheet's number; None where its calendar is wrong."""
    if not isinstance(value, datetime):
        return (value - DAY_ZERO).days if value >= _FIRST_DAY else None
    moment = wall(value) if value.tzinfo else value
    if moment.date() < _FIRST_DAY:
        return None
    past_midnight = moment.replace(tzinfo=None) - datetime.combine(moment.date(), time())
    return (moment.date() - DAY_ZERO).days + round(past_midnight.total_seconds() / 86_400, 9)


def _letters(place: int) -> str:
    """A, B … Z, AA, AB …: a spreadsheet's name of a column, counted from 0."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters = chr(ord("A") + rest) + letters
        place -= 1
    return letters
