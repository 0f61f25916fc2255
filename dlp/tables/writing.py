"""Writing tables: every file that leaves, row by row as it is asked for."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from dlp.tables.cells import safe_cell
from dlp.tables.sheets import XLSX, workbook_pieces

_BATCH = 500


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
    return _to_keep(filename, csv_lines(header, rows), "text/csv; charset=utf-8")


def write_xlsx(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str
) -> StreamingHttpResponse:
    """Answer with a workbook to keep, whose one sheet has this title; days are days there."""
    return _to_keep(filename, workbook_pieces(title, header, rows), XLSX)


def _to_keep(filename: str, pieces: Iterator[str | bytes], kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
