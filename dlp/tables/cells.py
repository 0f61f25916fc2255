"""One cell: as it comes in, and as it may go out."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from dlp.calendar import wall

_FORMULA_STARTS = "=+-@\t\r\0"
_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_UNSEEN = dict.fromkeys(
    [
        *map(ord, "\ufeff\u200b\u2060\u00ad"),
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
"""Among them the marks of direction that Windows puts around what is copied from its address book."""
_AS_SPACE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xA0], " ")


def plain_cell(cell: str) -> str:
    """Trim; drop invisible characters, and the apostrophe that marks text in a spreadsheet."""
    if not cell.isprintable():
        cell = cell.translate(_UNSEEN).translate(_AS_SPACE)
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == "'" and (cell[1].isdigit() or cell[1] in _FORMULA_STARTS):
        return cell[1:].strip()
    return cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this; phone numbers with a plus and dashes are not."""
    cell = cell.strip()
    if not cell.startswith(("=", "@", "+", "-")):  # nearly every cell there is
        return False
    return cell[0] in "=@" or bool(re.match(r"[+-]\s*[A-Za-z]+[\d(]|[+-].*[!|]", cell))


def is_error(cell: str) -> bool:
    """Whether this is what a spreadsheet shows where a formula failed."""
    return cell.startswith("#") and bool(_ERROR.fullmatch(cell))


def with_its_zero(phone: str) -> str:
    """A phone number with the leading zero that a spreadsheet dropped."""
    return f"0{phone}" if re.fullmatch(r"[1-9]\d{8,9}", phone) else phone


_may_run = re.compile(f"[\ufeff\u00a0 ]*[{re.escape(_FORMULA_STARTS)}]").match


def may_run(text: str) -> bool:
    """Whether a spreadsheet could take this text for a formula (S28)."""
    return _may_run(text) is not None


def safe_cell(value: Any) -> Any:
    """A value for a CSV: text that could run as a formula is marked as text (S28)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if _may_run(value) else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        moment = wall(value) if value.tzinfo else value
        return f"{moment.date().isoformat()} {moment.hour:02}:{moment.minute:02}"
    if isinstance(value, date):
        return value.isoformat()
    return safe_cell(str(value))
