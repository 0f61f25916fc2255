"""One cell: as it comes in, and as it may go out."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

_FORMULA_STARTS = "=+-@\t\r\0"
_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))
_AS_SPACE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xA0], " ")


def plain_cell(cell: str) -> str:
    """Trim, drop what nobody sees, and the apostrophe that keeps a spreadsheet from changing a cell."""
    if not cell.isprintable():
        cell = cell.translate(_UNSEEN).translate(_AS_SPACE)
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == "'" and (cell[1].isdigit() or cell[1] in _FORMULA_STARTS):
        return cell[1:].strip()
    return cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this: not a telephone number with a plus, nor a dash."""
    cell = cell.strip()
    return cell[:1] in ("=", "@") or bool(re.match(r"[+-]\s*[A-Za-z]+[\d(]|[+-].*[!|]", cell))


def is_error(cell: str) -> bool:
    """Whether this is what a spreadsheet shows where a formula failed."""
    return cell.startswith("#") and bool(_ERROR.fullmatch(cell))


def with_its_zero(phone: str) -> str:
    """A telephone number with the zero that a spreadsheet ate."""
    return f"0{phone}" if re.fullmatch(r"[1-9]\d{8,9}", phone) else phone


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
