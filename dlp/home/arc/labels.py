"""Labels beside the arc, placed where they touch nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from dlp.home.arc.canvas import Box, Canvas, number
from dlp.home.arc.paths import along, point

LETTER, BOLD, GAP = 6.7, 7.4, 6
"""How wide a letter is, about, the words of today being bold; and what stays free between two labels."""


class Label(NamedTuple):
    x: str
    y: str
    anchor: str
    text: str


def text_box(x: float, y: float, anchor: str, text: str, letter: float = LETTER) -> Box:
    """The approximate box of a label: 13 units high, and a fixed width per letter."""
    width = letter * len(text)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - 12, left + width, y + 4)


def label_box(label: Label, letter: float = LETTER) -> Box:
    return text_box(float(label.x), float(label.y), label.anchor, label.text, letter)


def places_for(x: float, y: float, u: float) -> list[tuple[float, float, str]]:
    """Where a label may go, best first: beside the steep part, above the flat, then below."""
    beside = (x - 16, y + 2, "end")
    above = [
        place
        for lift in (22, 40, 52)
        for place in ((x, y - lift, "middle"), (x + 6, y - lift, "end"), (x - 6, y - lift, "start"))
    ]
    below = [(x, y + 33, "middle"), (x + 6, y + 33, "end")]
    return [beside, *above] if u < 0.4 else [*above, *below]


def label_of_today(canvas: Canvas, u: float, today: date, signs: Sequence[Box]) -> Label:
    """Above the marker where the path is flat; beside it or higher where the path would cross it."""
    text = f"Today, {today:%-d %B}" if canvas.is_wide else "Today"
    x, y = point(canvas, u)
    half = ceil(BOLD * len(text) / 2)
    middle = min(max(x, half), canvas.width - half)
    over = y - (20 if canvas.is_wide else 17)
    beside = (x - 16, y - 2, "end")
    places = [(middle, over, "middle"), beside]
    places += [(middle, over - lift, "middle") for lift in range(8, 120, 8)]
    others = [*along(canvas), *signs]
    free = (place for place in places if fits(canvas, text_box(*place, text, BOLD), others))
    left, top, anchor = next(free, places[0])
    return Label(number(left), number(top), anchor, text)


def fits(canvas: Canvas, box: Box, others: Iterable[Box]) -> bool:
    """Whether a label lies on the sheet and touches nothing."""
    is_inside = box.left >= 0 and box.right <= canvas.width and box.top >= 0
    return is_inside and not any(box.meets(other) for other in others)


def labels_for(
    canvas: Canvas, named: Sequence[tuple[float, str]], taken: list[Box], signs: Sequence[Box]
) -> list[Label]:
    """Place each label where it touches no sign, label or path; leave out those that do not fit."""
    labels = []
    for u, text in named:
        x, y = point(canvas, u)
        for left, top, anchor in places_for(x, y, u):
            box = text_box(left, top, anchor, text)
            if fits(canvas, box, [*taken, *signs, *along(canvas)]):
                taken.append(box._replace(left=box.left - GAP, right=box.right + GAP))
                labels.append(Label(number(left), number(top), anchor, text))
                break
    return labels
