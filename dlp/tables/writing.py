"""Writing tables: every exported file, row by row as it is requested."""

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
    """The text of a CSV, a few hundred rows at a time; begins with the mark that Excel needs."""
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
    """Send a CSV as a download, row by row; every cell is formula-safe."""
    return _to_keep(filename, csv_lines(header, rows), "text/csv; charset=utf-8")


def write_xlsx(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str
) -> StreamingHttpResponse:
    """Send a workbook as a download; its only sheet has this title, and dates are dates."""
    return _to_keep(filename, workbook_pieces(title, header, rows), XLSX)


def _to_keep(filename: str, pieces: Iterator[str | bytes], kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
