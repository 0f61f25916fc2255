"""The way from a first day to a last one: drawn in several sizes, described, and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from dlp import words
from dlp.home.arc.canvas import LARGE, TALL, WIDE
from dlp.home.arc.drawing import Drawing, draw
from dlp.home.arc.signs import Milestone

LISTED_AHEAD = 4
DAYS_A_MONTH = 30.44


class Way(NamedTuple):
    """What `home/_arc.html` shows."""

    title: str
    description: str
    wide: Drawing
    tall: Drawing
    large: Drawing | None
    """Where it has a page of its own: for screens with room for more names."""
    milestones: Sequence[Milestone]
    key: list[tuple[str, str]]
    """The signs that the drawing holds, and what each means."""
    filled: str
    """What it means that a sign is filled."""


def way(
    milestones: Sequence[Milestone],
    *,
    title: str,
    says: str,
    signs: dict[str, str],
    filled: str,
    first: date,
    last: date,
    walked_to: date,
    today: date,
    is_large: bool = False,
) -> Way:
    """Draw a way. `signs` explains each kind of sign; the key lists those in the drawing."""
    days = {"first": first, "last": last, "walked_to": walked_to, "today": today}
    kinds = {one.kind for one in milestones}
    return Way(
        title=title,
        description=description(says, milestones, today),
        wide=draw(WIDE, milestones, **days),
        tall=draw(TALL, milestones, **days),
        large=draw(LARGE, milestones, **days) if is_large else None,
        milestones=milestones,
        key=[(kind, said) for kind, said in signs.items() if kind in kinds],
        filled=filled,
    )


def description(says: str, milestones: Iterable[Milestone], today: date) -> str:
    """What the drawing shows, for people who cannot see it."""
    ahead = [one for one in milestones if one.day >= today][:LISTED_AHEAD]
    if not ahead:
        return says
    listed = ", ".join(f"{one.label} on {words.plain_day(one.day)}" for one in ahead)
    return f"{says} Ahead: {listed}."


def dots(milestones: Iterable[Milestone], of_sessions: str, on_the_line: str) -> str:
    """What a dot means, if some of them lie on the floor line."""
    has_line = any(one.kind == "supervision" for one in milestones)
    return f"{of_sessions}; on the line, {on_the_line}" if has_line else of_sessions


def months(first: date, last: date) -> int:
    """The length of a time in months, rounded."""
    return round((last - first).days / DAYS_A_MONTH)


def so_far(first: date, last: date, today: date) -> str:
    """15 months in, 9 to go."""
    gone = months(first, today)
    ahead = max(months(first, last) - gone, 0)
    return f"{words.count(gone, 'month')} in, {ahead} to go." if gone else "The first month."
