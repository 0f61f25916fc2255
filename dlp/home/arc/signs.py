"""The signs on the arc: what has happened, and what is ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from dlp.home.arc.canvas import Canvas, number
from dlp.home.arc.paths import point

APART = {"session": 12, "supervision": 8, "dsl": 14, "review": 14, "residential": 18}
"""How far the middles of two signs of a kind must be from each other to be told apart."""

REACH = {"turn": 9, "residential": 10, "dsl": 9, "review": 10, "session": 6}
"""How far a sign on the arc reaches from its middle; the weightiest first."""
TODAY_REACHES = 11
LYING_OVER = 0.7
"""Where there is room, signs of two kinds may lie this much nearer and are still told apart."""


class Milestone(NamedTuple):
    """Something on the way.

    `name` is its label in the drawing, `also` another for sheets with more room.
    """

    day: date
    label: str
    kind: str
    """residential, dsl, review, turn (a placement begins, the end), session or supervision."""
    is_done: bool
    said: str
    name: str = ""
    also: str = ""


class Mark(NamedTuple):
    """A sign on the arc: a circle, a turned square or a path."""

    shape: str
    x: str
    y: str
    radius: str
    path: str


def mark(canvas: Canvas, kind: str, u: float) -> Mark:
    """The sign of a milestone.

    A triangle for a residential, a shield for DSL, a diamond for a review, a flag for a turn, else
    a dot.
    """
    x, y = point(canvas, u)
    if kind == "supervision":
        return Mark("circle", number(x), number(canvas.floor), number(canvas.floor_radius), "")
    size = canvas.scale
    if kind == "residential":
        path = (
            f"M{number(x)} {number(y - 10 * size)}"
            f"L{number(x + 10.5 * size)} {number(y + 7 * size)}H{number(x - 10.5 * size)}z"
        )
        return Mark("path", number(x), number(y), "", path)
    if kind == "dsl":
        half = number(8 * size)
        path = (
            f"M{number(x - 8 * size)} {number(y - 9 * size)}h{number(16 * size)}"
            f"v{number(9 * size)}q0 {number(7 * size)} -{half} {number(11 * size)}"
            f"q-{half} -{number(4 * size)} -{half} -{number(11 * size)}z"
        )
        return Mark("path", number(x), number(y), "", path)
    if kind == "turn":
        path = (
            f"M{number(x - 4 * size)} {number(y + 9 * size)}V{number(y - 10 * size)}"
            f"L{number(x + 9 * size)} {number(y - 4 * size)}L{number(x - 4 * size)} {number(y + 2 * size)}"
        )
        return Mark("path", number(x), number(y), "", path)
    if kind == "review":
        reach = 7 * size * 2**0.5
        path = (
            f"M{number(x)} {number(y - reach)}L{number(x + reach)} {number(y)}"
            f"L{number(x)} {number(y + reach)}L{number(x - reach)} {number(y)}z"
        )
        return Mark("path", number(x), number(y), "", path)
    return Mark("circle", number(x), number(y), number(5.5 * size), "")


def marks_of(
    canvas: Canvas, placed: Iterable[tuple[float, Milestone]], *, done: bool
) -> list[Mark]:
    """The signs of milestones that are done, or that are not.

    Signs of a kind that would overlap are drawn once; the table lists them all.
    """
    wanted = [(at, one) for at, one in placed if one.is_done is done]
    return [mark(canvas, one.kind, at) for at, one in apart(canvas, wanted)]


def in_the_clear(
    canvas: Canvas, placed: list[tuple[float, Milestone]], today: float | None
) -> list[tuple[float, Milestone]]:
    """What is drawn where signs of several kinds meet: the weightier one, and today before a session.

    The table lists them all; a large sheet has room for all but those that today covers.
    """
    near = canvas.scale / canvas.span * (LYING_OVER if canvas.is_wide else 1)
    kept: list[tuple[float, Milestone]] = []
    taken: list[tuple[float, int]] = []
    for kind, reach in REACH.items():
        if kind == "session" and today is not None:
            taken.append((today, TODAY_REACHES))
        clear = [
            (at, one)
            for at, one in placed
            if one.kind == kind
            and all(abs(at - other) >= (reach + far) * near for other, far in taken)
        ]
        kept += clear
        if not canvas.is_large:
            taken += [(at, reach) for at, _ in clear]
    return sorted(kept, key=itemgetter(0))


def apart(
    canvas: Canvas, placed: Iterable[tuple[float, Milestone]]
) -> Iterator[tuple[float, Milestone]]:
    """All but the signs that would cover one of their own kind."""
    last: dict[str, float] = {}
    for at, one in placed:
        needed = APART.get(one.kind, 0) * canvas.scale
        if one.kind in last and (at - last[one.kind]) * canvas.span < needed:
            continue
        last[one.kind] = at
        yield at, one
