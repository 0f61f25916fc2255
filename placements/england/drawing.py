"""England drawn as dots, each host as a shape, and London once more at a larger scale.

Pure geometry on the National Grid. Every number in a drawing is a string, ready for SVG.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from math import ceil, cos, floor, pi, sin, sqrt
from typing import NamedTuple

from dlp import words
from placements.england.ground import ENGLAND, LONDON, Ground

WIDTH, HEIGHT = 340, 396
LARGEST, SMALLEST = 5, 1.2
"""Radius of the shape of one leader; it shrinks where there are so many that England would be full."""
FULL = 100
"""Leaders that are drawn at the largest."""
GAP = 0.8
STEP = 1.5
"""The distance between turns of the spiral on which a shape moves aside."""
_CELL = 12
_GOLDEN = pi * (3 - sqrt(5))


class Host(NamedTuple):
    """Where leaders are: a school, in metres on the grid."""

    name: str
    easting: int
    northing: int
    setting: str
    region: str
    leaders: int


class Frame(NamedTuple):
    """A part of the grid and its place on the sheet; the scale is metres per unit."""

    west: int
    south: int
    east: int
    north: int
    left: float
    top: float
    scale: int

    def holds(self, easting: int, northing: int) -> bool:
        return self.west <= easting <= self.east and self.south <= northing <= self.north

    def at(self, easting: float, northing: float) -> tuple[float, float]:
        x = self.left + (easting - self.west) / self.scale
        return x, self.top + (self.north - northing) / self.scale

    def box(self, other: Frame) -> Box:
        """The area of the other frame, as a box on this one."""
        left, top = self.at(other.west, other.north)
        right, bottom = self.at(other.east, other.south)
        return Box(number(left), number(top), number(right - left), number(bottom - top))


class Box(NamedTuple):
    x: str
    y: str
    width: str
    height: str


SHEET = Frame(80_000, 4_000, 660_000, 660_000, -19, 6, 2_000)
INSET = Frame(501_000, 154_000, 563_000, 203_000, 215, 297, 510)


class Shape(NamedTuple):
    """A host on the sheet: a circle of that radius, or a path."""

    x: str
    y: str
    radius: str
    path: str
    title: str


class Label(NamedTuple):
    """A line of a region's name; the last line also holds its number."""

    x: str
    y: str
    anchor: str
    text: str


class Drawing(NamedTuple):
    width: int
    height: int
    ground: str
    ground_step: str
    london: str
    london_step: str
    london_frame: Box
    london_here: Box
    shapes: dict[str, list[Shape]]
    labels: list[Label]


KINDS = {"alternative_provision": "ap", "special": "special", "internal_ap": "internal"}
"""Settings with a shape of their own; all the rest share one."""

_LABELS: dict[str, tuple[str, float, float, tuple[str, ...]]] = {
    "north_east": ("start", 168, 48, ("North East",)),
    "north_west": ("end", 84, 74, ("North", "West")),
    "yorkshire": ("start", 213, 112, ("Yorkshire",)),
    "east_midlands": ("start", 226, 146, ("East", "Midlands")),
    "west_midlands": ("end", 95, 184, ("West", "Midlands")),
    "east": ("start", 267, 226, ("East of", "England")),
    "london": ("end", INSET.left + 122, INSET.top - 6, ("London",)),
    "south_east": ("end", 184, 310, ("South East",)),
    "south_west": ("end", 92, 250, ("South West",)),
}
"""Anchor, place and name: in the sea or beyond the border, beside the region."""
_LINE = 14


def number(value: float) -> str:
    """12.5, 12: one decimal place, left out if it is zero."""
    return f"{value:.1f}".removesuffix(".0")


def on_sheet(easting: int | None, northing: int | None) -> bool:
    """Whether a place is known and within the drawn part of England."""
    return None not in (easting, northing) and SHEET.holds(easting or 0, northing or 0)


def ground(land: Ground, frame: Frame) -> str:
    """One SVG line for each run of dots, dashed with zero-length dashes at the dots' distance."""
    lines = []
    for row, runs in land.rows:
        aside = land.step / 2 if row % 2 else 0
        for first, last in runs:
            x, y = frame.at(first * land.step + aside, row * land.rise)
            length = (last - first) * land.step / frame.scale
            # A thousandth more, written as a further digit: a run of one dot has a dash to draw.
            lines.append(f"M{number(x)} {number(y)}h{length:.2f}1")
    return "".join(lines)


def radius_of_one(leaders: int) -> float:
    """The radius of a shape for one leader, when this many are drawn."""
    return max(SMALLEST, LARGEST * sqrt(min(1, FULL / max(leaders, 1))))


def draw(hosts: Iterable[Host], regions: Mapping[str, int]) -> Drawing:
    """Draw these hosts, and the name and number beside each of these regions.

    Hosts in London are drawn only in its own larger frame. Shapes are moved until none overlap, the
    largest placed first.
    """
    shapes: dict[str, list[Shape]] = defaultdict(list)
    taken = _Taken()
    ordered = sorted(hosts, key=lambda one: (-one.leaders, one.easting, one.northing, one.name))
    drawn = {one.region for one in ordered}
    unit = radius_of_one(sum(one.leaders for one in ordered))
    for host in ordered:
        frame = INSET if INSET.holds(host.easting, host.northing) else SHEET
        size = unit * sqrt(host.leaders or 1)
        x, y = taken.put(*frame.at(host.easting, host.northing), size)
        kind = kind_of(host)
        shapes[kind].append(shape(kind, x, y, size, title(host)))
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        ground=_GROUND,
        ground_step=number(ENGLAND.step / SHEET.scale),
        london=_LONDON,
        london_step=f"{LONDON.step / INSET.scale:.2f}",
        london_frame=INSET.box(INSET),
        london_here=SHEET.box(INSET),
        shapes=dict(shapes),
        labels=[
            line
            for region, many in regions.items()
            if region in drawn
            for line in labels(region, many)
        ],
    )


def title(host: Host) -> str:
    if not host.leaders:
        return f"{host.name}: a partner without a leader"
    return f"{host.name}: {words.count(host.leaders, 'leader')}"


def kind_of(host: Host) -> str:
    """The kind of shape: that of the setting, or that of a partner without leaders."""
    return KINDS.get(host.setting, "other") if host.leaders else "partner"


def shape(kind: str, x: float, y: float, size: float, title: str) -> Shape:
    """A circle for AP and internal AP, a diamond for special, a square for others, all of one area.

    A cross for a partner without leaders.
    """
    path = ""
    if kind == "special":
        reach = number(size * sqrt(pi / 2))
        path = (
            f"M{number(x)} {number(y)}m0-{reach}l{reach} {reach} -{reach} {reach} -{reach}-{reach}z"
        )
    elif kind == "partner":
        arm = number(2 * size)
        path = f"M{number(x - size)} {number(y)}h{arm}M{number(x)} {number(y - size)}v{arm}"
    elif kind == "other":
        half = size * sqrt(pi) / 2
        side = number(2 * half)
        path = f"M{number(x - half)} {number(y - half)}h{side}v{side}h-{side}z"
    return Shape(number(x), number(y), number(size), path, title)


def labels(region: str, many: int) -> Iterator[Label]:
    """A region's name and number, on one line or two; nothing for an unknown region."""
    if region in _LABELS:
        anchor, x, y, words = _LABELS[region]
        for line, word in enumerate(words, start=1):
            text = f"{word}, {many}" if line == len(words) else word
            yield Label(number(x), number(y + _LINE * (line - 1)), anchor, text)


class _Taken:
    """The shapes placed so far, by the cell of the sheet that holds their centre."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float]]] = defaultdict(list)
        self._largest = 0.0

    def put(self, x: float, y: float, size: float) -> tuple[float, float]:
        """The nearest free place, found on a spiral around the wanted one."""
        found = next(at for at in _spiral(x, y) if self._is_free(*at, size))
        self._cells[int(found[0] // _CELL), int(found[1] // _CELL)].append((*found, size))
        self._largest = max(self._largest, size)
        return found

    def _is_free(self, x: float, y: float, size: float) -> bool:
        reach = size + self._largest + GAP
        columns = range(floor((x - reach) / _CELL), ceil((x + reach) / _CELL))
        rows = range(floor((y - reach) / _CELL), ceil((y + reach) / _CELL))
        return not any(
            (x - x2) ** 2 + (y - y2) ** 2 < (size + size2 + GAP) ** 2
            for cell in product(columns, rows)
            for x2, y2, size2 in self._cells.get(cell, ())
        )


def _spiral(x: float, y: float) -> Iterator[tuple[float, float]]:
    for turn in count():
        away = STEP * sqrt(turn)
        yield x + away * cos(turn * _GOLDEN), y + away * sin(turn * _GOLDEN)


_GROUND = ground(ENGLAND, SHEET)
_LONDON = ground(LONDON, INSET)
