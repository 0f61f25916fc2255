"""The drawing of an arc, ready for SVG."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from dlp.home.arc.canvas import Box, Canvas, number
from dlp.home.arc.labels import BOLD, Label, label_box, label_of_today, labels_for
from dlp.home.arc.paths import between, curve, not_taken, point, share
from dlp.home.arc.signs import Mark, Milestone, in_the_clear, marks_of
from dlp.home.arc.times import Term, term_labels, ticks, year_labels


class Drawing(NamedTuple):
    """Everything that one SVG needs, as numbers in strings."""

    canvas: Canvas
    floor: str
    ticks: str
    terms: list[Term]
    years: list[Term]
    taken: str
    not_taken: str
    walked: str
    between: str
    floor_done: list[Mark]
    floor_ahead: list[Mark]
    done: list[Mark]
    ahead: list[Mark]
    labels: list[Label]
    today: Mark | None
    today_label: Label | None
    today_drop: str


def draw(
    canvas: Canvas,
    milestones: Iterable[Milestone],
    *,
    first: date,
    last: date,
    walked_to: date,
    today: date,
) -> Drawing:
    """Draw the arc from the first day to the last, both included.

    `walked_to` is how far somebody came: today, or the day they stopped. Today's marker is only
    drawn if today lies within the time. What happens on the first day is in the table only: the
    foot of the arc is its sign.
    """
    milestones = list(milestones)
    u = share(walked_to, first, last)
    is_running = first <= today <= last and walked_to == today
    placed = [(share(one.day, first, last), one) for one in milestones if one.day > first]
    on_floor = [(at, one) for at, one in placed if one.kind == "supervision"]
    on_arc = [(at, one) for at, one in placed if one.kind != "supervision"]
    on_arc = in_the_clear(canvas, on_arc, u if is_running else None)
    signs = [Box(x - 9, y - 11, x + 9, y + 11) for x, y in (point(canvas, at) for at, _ in on_arc)]
    x, y = point(canvas, u)
    taken: list[Box] = []
    today_label = None
    if is_running:
        today_label = label_of_today(canvas, u, today, signs)
        taken = [label_box(today_label, BOLD), Box(x - 12, y - 12, x + 12, y + 12)]
    named = names_on(canvas, on_arc)

    return Drawing(
        canvas=canvas,
        floor=f"M{number(canvas.x0)} {number(canvas.floor)}H{number(canvas.x0 + canvas.span)}",
        ticks=ticks(canvas, first, last),
        terms=term_labels(canvas, first, last, today),
        years=year_labels(canvas, first, last, today),
        taken=curve(canvas, 1),
        not_taken=not_taken(canvas),
        walked=curve(canvas, u) if u else "",
        between=between(canvas, u) if u else "",
        floor_done=marks_of(canvas, on_floor, done=True),
        floor_ahead=marks_of(canvas, on_floor, done=False),
        done=marks_of(canvas, on_arc, done=True),
        ahead=marks_of(canvas, on_arc, done=False),
        labels=labels_for(canvas, named, taken, signs),
        today=Mark("circle", number(x), number(y), number(11 if canvas.is_wide else 9.35), "")
        if is_running
        else None,
        today_label=today_label,
        today_drop=f"M{number(x)} {number(y + 12)}V{number(canvas.floor)}" if is_running else "",
    )


def names_on(canvas: Canvas, placed: Iterable[tuple[float, Milestone]]) -> list[tuple[float, str]]:
    """The labels for which a sheet has room: the most important come first."""
    if not canvas.is_wide:
        return []
    placed = list(placed)
    named = [(at, one.name) for at, one in placed if one.name]
    if canvas.is_large:
        named += [(at, one.also) for at, one in placed if one.also and not one.name]
    return named
