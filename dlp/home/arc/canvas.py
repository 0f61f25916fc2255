"""The sheets on which an arc is drawn, and boxes on them."""

from __future__ import annotations

from typing import NamedTuple


class Canvas(NamedTuple):
    """A sheet: where the arc lies on it, and how big its signs are."""

    width: int
    height: int
    x0: float
    span: float
    floor: float
    rise: float
    scale: float
    floor_radius: float
    stroke: float
    line: int
    year_line: int
    is_wide: bool
    is_large: bool = False
    """Whether there is room for the names of nearly everything."""


LARGE = Canvas(1088, 400, 30, 1028, 322, 262, 1.1, 5, 7, 20, 46, True, True)
WIDE = Canvas(960, 330, 26, 908, 258, 205, 1.0, 4, 6, 20, 46, True)

TALL = Canvas(328, 262, 10, 296, 196, 150, 0.8, 3.2, 5, 18, 40, False)


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
