"""The last day to resign for a first day elsewhere (R-PLC-03; domain.md 5.2).

For teachers of maintained schools notice depends on the term, for heads it is a month earlier. At
an academy the contract decides.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from dlp.words import plain_day

TERMS = {"spring": range(1, 4), "summer": range(4, 8), "autumn": range(8, 13)}
"""By term, the months in which somebody may begin in it."""
NOTICE = {"spring": (-1, 10), "summer": (0, 2), "autumn": (0, 5)}
"""By the term of the start: the year, relative to it, and month by whose end to give notice."""
MAY_DIFFER = {
    True: " They come from an academy, where the contract may differ.",
    False: "",
    None: " If they come from an academy, their contract may differ.",
}


def term_of(starts_on: date) -> str:
    return next(name for name, months in TERMS.items() if starts_on.month in months)


def resigns_by(starts_on: date, *, is_head: bool = False) -> date:
    """The last day to give notice for a first day; a month earlier for headteachers."""
    years, month = NOTICE[term_of(starts_on)]
    year, month = starts_on.year + years, month - is_head
    return date(year, month, monthrange(year, month)[1])


def warning(
    starts_on: date, agreed_on: date, *, is_head: bool = False, from_academy: bool | None = None
) -> str:
    """What to ask if a match came too late to resign for it; empty if it did not.

    `from_academy` is whether the school they leave is an academy, None if unknown.
    """
    last = resigns_by(starts_on, is_head=is_head)
    if agreed_on <= last:
        return ""
    who = "headteachers" if is_head else "teachers"
    return (
        f"Agreed on {plain_day(agreed_on)}, which is late: to begin in the {term_of(starts_on)} "
        f"term of {starts_on.year}, {who} of maintained schools resign by {plain_day(last)}. "
        f"Ask whether they are free to come.{MAY_DIFFER[from_academy]}"
    )
