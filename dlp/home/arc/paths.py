"""The two paths of the arc, cut at `u`, the share of the days that have passed."""

from __future__ import annotations

from datetime import date
from functools import cache

from dlp.home.arc.canvas import Box, Canvas, number


def share(day: date, first: date, last: date) -> float:
    """How much of the time from `first` to `last` has passed on a day, from 0 to 1."""
    whole = max((last - first).days, 1)
    return min(max((day - first).days / whole, 0.0), 1.0)


def height(u: float) -> float:
    """f(u): the height of the path taken, as a share of the rise. It lands at 0.94."""
    return 1 - (1 - u / 0.8) ** 2


def height_not_taken(u: float) -> float:
    """g(u): the height of the path that falls back to the start."""
    return 2.08 * u * (1 - u)


def point(canvas: Canvas, u: float) -> tuple[float, float]:
    return canvas.x0 + u * canvas.span, canvas.floor - canvas.rise * height(u)


def curve(canvas: Canvas, u: float) -> str:
    """The path taken as one quadratic, cut at `u`; its control point lies over the middle."""
    x, y = point(canvas, u)
    control_x = canvas.x0 + u * canvas.span / 2
    control_y = canvas.floor - 1.25 * u * canvas.rise
    return (
        f"M{number(canvas.x0)} {number(canvas.floor)}"
        f"Q{number(control_x)} {number(control_y)} {number(x)} {number(y)}"
    )


def between(canvas: Canvas, u: float) -> str:
    """The area between the two paths, up to `u`."""
    x, _ = point(canvas, u)
    back_y = canvas.floor - canvas.rise * height_not_taken(u)
    control_x = canvas.x0 + u * canvas.span / 2
    control_y = canvas.floor - 1.04 * u * canvas.rise
    return (
        f"{curve(canvas, u)}L{number(x)} {number(back_y)}"
        f"Q{number(control_x)} {number(control_y)} {number(canvas.x0)} {number(canvas.floor)}z"
    )


def not_taken(canvas: Canvas) -> str:
    x0, floor = number(canvas.x0), number(canvas.floor)
    middle = number(canvas.x0 + canvas.span / 2)
    top = number(canvas.floor - 1.04 * canvas.rise)
    return f"M{x0} {floor}Q{middle} {top} {number(canvas.x0 + canvas.span)} {floor}"


@cache
def along(canvas: Canvas) -> tuple[Box, ...]:
    """The path taken as a row of small boxes, so that no label is put on it."""
    points = (point(canvas, step / 60) for step in range(61))
    return tuple(Box(x - 5, y - 4, x + 5, y + 4) for x, y in points)
