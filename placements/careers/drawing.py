"""A career drawn: a bar for each post and placement, stacked where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dlp import words
from placements.careers.steps import Step

WIDTH, LEFT, RIGHT = 328, 8, 320
BAR, LANE, TOP = 20, 26, 6
YEARS_NAMED = 5
LEAST = 3
"""The minimum width of a bar."""


class Bar(NamedTuple):
    x: int
    y: int
    width: int
    is_placement: bool
    number: int
    """Its place in the list beside the drawing."""
    number_x: int
    number_y: int
    is_named: bool
    """Whether its number fits in."""


class Year(NamedTuple):
    x: int
    said: str


class Drawing(NamedTuple):
    title: str
    description: str
    height: int
    floor: int
    bars: list[Bar]
    years: list[Year]
    now: int | None


def draw(steps: Sequence[Step], name: str, today: date) -> Drawing | None:
    """The drawing; None if there are fewer than two bars to compare."""
    if len(steps) < len(("one", "another")):
        return None
    first = steps[0].starts_on
    last = max([today, *(one.ends_on or today for one in steps)])
    days = max((last - first).days, 1)

    def x_of(day: date) -> int:
        return LEFT + round((RIGHT - LEFT) * (day - first).days / days)

    lanes = lanes_of(steps, last)
    floor = TOP + LANE * (max(lanes) + 1)
    bars = [
        _bar(number, one, lane, x_of(one.starts_on), x_of(one.ends_on or last))
        for number, (one, lane) in enumerate(zip(steps, lanes, strict=True), start=1)
    ]
    return Drawing(
        title=f"The career of {name}, {first:%Y} to {last:%Y}",
        description=". ".join(said(one) for one in steps) + ".",
        height=floor + 24,
        floor=floor,
        bars=bars,
        years=[Year(x_of(date(year, 1, 1)), str(year)) for year in years_of(first, last)],
        now=x_of(today),
    )


def lanes_of(steps: Sequence[Step], last: date) -> list[int]:
    """The lane of each bar: the highest one that is free, the earliest bar first."""
    ends: list[date] = []
    lanes = []
    for one in steps:
        free = next((lane for lane, end in enumerate(ends) if end < one.starts_on), len(ends))
        ends[free : free + 1] = [one.ends_on or last]
        lanes.append(free)
    return lanes


def years_of(first: date, last: date) -> list[int]:
    """The years labelled below the bars: all of them, or every second, third and so on."""
    known = range(first.year + 1, last.year + 1)
    apart = -(-len(known) // YEARS_NAMED) or 1
    return list(known[::apart])


def _bar(number: int, one: Step, lane: int, left: int, right: int) -> Bar:
    width, y = max(right - left, LEAST), TOP + LANE * lane
    is_named = width >= BAR
    return Bar(left, y, width, one.is_placement, number, left + 6, y + BAR - 6, is_named)


def said(one: Step) -> str:
    """Head of Maths at Hill Top School from 1 September 2017 to 31 August 2019"""
    return f"{one.title} at {one.employer}, {words.span(one.starts_on, one.ends_on)}"
