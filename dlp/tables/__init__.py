"""Tables as people keep them in spreadsheets: reading any that come in, writing all that go out.

Pure: no models. A CSV is streamed both ways, and nothing that leaves can run as a formula (S28,
S29). Exports go through dlp/exports.py, which records them.
"""

from dlp.tables.cells import is_formula, safe_cell, with_its_zero
from dlp.tables.dates import DateColumn, as_date
from dlp.tables.headers import Column
from dlp.tables.reading import Row, Table, read_rows
from dlp.tables.records import Limits
from dlp.tables.writing import csv_lines, write_csv, write_xlsx

__all__ = [
    "Column",
    "DateColumn",
    "Limits",
    "Row",
    "Table",
    "as_date",
    "csv_lines",
    "is_formula",
    "read_rows",
    "safe_cell",
    "with_its_zero",
    "write_csv",
    "write_xlsx",
]
