"""Exporting lists as files: one way for all, each recorded before its first row is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.text import capfirst, slugify

from dlp.audit.models import ExportRecord
from dlp.audit.operations import note_export
from dlp.http import Request
from dlp.tables import write_csv, write_xlsx

Form = ExportRecord.Form
ASKED_AS = "file"
"""The file format by the URL: nothing for a CSV, `?file=xlsx` for a workbook."""


def hand_out(
    request: Request,
    what: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    count: int,
    form: str | None = None,
) -> StreamingHttpResponse:
    """Send a list as a file named after what it holds and its day.

    Streams `rows` as they come; every cell is formula-safe. The URL chooses the `form`, unless it
    is given.
    """
    form = form or form_of(request)
    note_export(by=request.user, what=what, address=request.get_full_path(), form=form, count=count)
    name = f"{slugify(what)}-{timezone.localdate():%Y-%m-%d}.{form}"
    if form == Form.XLSX:
        return write_xlsx(name, header, rows, title=capfirst(what))
    return write_csv(name, header, rows)


def form_of(request: Request) -> str:
    """The file format that the URL asks for."""
    return Form.XLSX if request.GET.get(ASKED_AS) == Form.XLSX else Form.CSV
