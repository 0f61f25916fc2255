"""The two-year arc: one rises to where a leader lands, the other is the path not taken.

Pure geometry. `u` is the share of the days gone by; every number in a drawing is a string
with one decimal place, ready for SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from math import ceil
from typing import NamedTuple

from dlp.calendar import academic_year_label, term, term_bounds, years_later


class Canvas(NamedTuple):
    """A sheet to draw on: where the arc stands on it and how big its signs are."""

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


WIDE = Canvas(960, 330, 26, 908, 258, 205, 1.0, 4, 6, 20, 46, True)
TALL = Canvas(328, 262, 10, 296, 196, 150, 0.8, 3.2, 5, 18, 40, False)


APART = {"session": 8, "supervision": 8, "dsl": 14, "residential": 18}
"""How far the middles of two signs of a kind must be from each other to be told apart."""


class Milestone(NamedTuple):
    """Something on the way. `name` is its label in the drawing, empty for those in the table only."""

    day: date
    label: str
    kind: str
    """residential, dsl, review, turn (a placement begins, the end), session or supervision."""
    is_done: bool
    said: str
    name: str = ""


class Mark(NamedTuple):
    """A sign on the arc: a circle, a turned square or a path."""

    shape: str
    x: str
    y: str
    radius: str
    path: str


class Label(NamedTuple):
    x: str
    y: str
    anchor: str
    text: str


class Term(NamedTuple):
    x: str
    y: str
    text: str
    is_now: bool


class Drawing(NamedTuple):
    """Everything one SVG needs, already in its numbers."""

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


def share(day: date, first: date, last: date) -> float:
    """How much of the time from `first` to `last` has gone by on a day, from 0 to 1."""
    whole = max((last - first).days, 1)
    return min(max((day - first).days / whole, 0.0), 1.0)


def height(u: float) -> float:
    """f(u): how high the path taken stands, as a share of the rise. It lands at 0.94."""
    return 1 - (1 - u / 0.8) ** 2


def height_not_taken(u: float) -> float:
    """g(u): the path that falls back to where it began."""
    return 2.08 * u * (1 - u)


def point(canvas: Canvas, u: float) -> tuple[float, float]:
    return canvas.x0 + u * canvas.span, canvas.floor - canvas.rise * height(u)


def curve(canvas: Canvas, u: float) -> str:
    """The path taken as one quadratic, cut at `u`: its control lies over the middle."""
    x, y = point(canvas, u)
    control_x = canvas.x0 + u * canvas.span / 2
    control_y = canvas.floor - 1.25 * u * canvas.rise
    return (
        f"M{number(canvas.x0)} {number(canvas.floor)}"
        f"Q{number(control_x)} {number(control_y)} {number(x)} {number(y)}"
    )


def between(canvas: Canvas, u: float) -> str:
    """The space between the two paths, up to `u`."""
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


def mark(canvas: Canvas, kind: str, u: float) -> Mark:
    """The sign of a milestone: triangle residential, shield DSL, diamond review, dot for the rest."""
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
    if kind in ("review", "turn"):
        reach = 7 * size * 2**0.5
        path = (
            f"M{number(x)} {number(y - reach)}L{number(x + reach)} {number(y)}"
            f"L{number(x)} {number(y + reach)}L{number(x - reach)} {number(y)}z"
        )
        return Mark("path", number(x), number(y), "", path)
    return Mark("circle", number(x), number(y), number(5.5 * size), "")


def terms_between(first: date, last: date) -> list[tuple[str, date, date]]:
    """The terms from the first day to the last, cut at both ends, with their names."""
    found = []
    day = first
    while day <= last:
        _, end = term_bounds(day)
        found.append((term(day).capitalize(), day, min(end, last)))
        day = end + timedelta(days=1)
    return found


def term_labels(canvas: Canvas, first: date, last: date, today: date) -> list[Term]:
    """A name under the middle of each term that is wide enough to bear one."""
    labels = []
    for name, start, end in terms_between(first, last):
        left, right = share(start, first, last), share(end + timedelta(days=1), first, last)
        text = name if canvas.is_wide else name[:3]
        if (right - left) * canvas.span < len(text) * 7 + 4:
            continue
        x = canvas.x0 + (left + right) / 2 * canvas.span
        y = canvas.floor + canvas.line
        labels.append(Term(number(x), number(y), text, start <= today <= end))
    return labels


def year_starts(first: date, last: date) -> list[date]:
    """The first day of each year of the programme; usually two, more after a deferral."""
    starts, year = [], 0
    while (start := years_later(first, year)) <= last:
        starts.append(start)
        year += 1
    return starts


def year_labels(canvas: Canvas, first: date, last: date, today: date) -> list[Term]:
    """Year one, 2025–26: with the academic year where the two begin together."""
    starts = year_starts(first, last)
    labels = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else last + timedelta(days=1)
        left, right = share(start, first, last), share(end, first, last)
        text = year_name(index)
        if canvas.is_wide and start.month == 9:
            text = f"{text}, {academic_year_label(start)}"
        if (right - left) * canvas.span < len(text) * 6:
            continue
        x = canvas.x0 + (left + right) / 2 * canvas.span
        y = canvas.floor + canvas.year_line
        labels.append(Term(number(x), number(y), text, start <= today < end))
    return labels


def year_name(index: int) -> str:
    """Year one, counted from 0."""
    names = ("one", "two", "three", "four", "five")
    return f"Year {names[index] if index < len(names) else index + 1}"


def ticks(canvas: Canvas, first: date, last: date) -> str:
    """A long tick where a year of the programme begins, a short one where a term does."""
    starts = set(year_starts(first, last))
    days = starts | {start for _, start, _ in terms_between(first, last)}
    return "".join(
        f"M{number(canvas.x0 + share(day, first, last) * canvas.span)} {number(canvas.floor)}"
        f"v{22 if day in starts else 8}"
        for day in sorted(days)
    )


LETTER, BOLD = 6.7, 7.4
"""How wide a letter is, about; the words of today are bold."""


def text_box(x: float, y: float, anchor: str, text: str, letter: float = LETTER) -> Box:
    """About where a label lies: 13 units high, and so wide a letter."""
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


@cache
def along(canvas: Canvas) -> tuple[Box, ...]:
    """The path taken as a row of small boxes, for what is written not to lie on it."""
    points = (point(canvas, step / 60) for step in range(61))
    return tuple(Box(x - 5, y - 4, x + 5, y + 4) for x, y in points)


def label_of_today(canvas: Canvas, u: float, today: date, signs: Sequence[Box]) -> Label:
    """Over the marker where the path is flat; beside it or higher where it climbs through the words."""
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
    """Place each label where it touches no sign and no other label; leave it out where none fits."""
    labels = []
    for u, text in named:
        x, y = point(canvas, u)
        for left, top, anchor in places_for(x, y, u):
            box = text_box(left, top, anchor, text)
            if fits(canvas, box, [*taken, *signs]):
                taken.append(box)
                labels.append(Label(number(left), number(top), anchor, text))
                break
    return labels


def marks_of(
    canvas: Canvas, placed: Iterable[tuple[float, Milestone]], *, floor: bool, done: bool
) -> list[Mark]:
    """The signs on the floor or on the arc, of what is done or of what is not.

    Signs of a kind that would lie on each other are drawn once; the table has them all.
    """
    wanted = [
        (at, one)
        for at, one in placed
        if (one.kind == "supervision") is floor and one.is_done is done
    ]
    return [mark(canvas, one.kind, at) for at, one in apart(canvas, wanted)]


def apart(
    canvas: Canvas, placed: Iterable[tuple[float, Milestone]]
) -> Iterator[tuple[float, Milestone]]:
    """Everything but the signs that would hide one of their own kind."""
    last: dict[str, float] = {}
    for at, one in placed:
        needed = APART.get(one.kind, 0) * canvas.scale
        if one.kind in last and (at - last[one.kind]) * canvas.span < needed:
            continue
        last[one.kind] = at
        yield at, one


def draw(
    canvas: Canvas,
    milestones: Iterable[Milestone],
    *,
    first: date,
    last: date,
    walked_to: date,
    today: date,
) -> Drawing:
    """Draw the way from the first day to the last, both included.

    `walked_to` is how far somebody came: today, or the day they stopped. The marker of today is
    drawn only while today lies within the time. What happens on the first day is in the table only:
    the foot of the arc is its sign.
    """
    milestones = list(milestones)
    u = share(walked_to, first, last)
    placed = [(share(one.day, first, last), one) for one in milestones if one.day > first]
    on_arc = [(at, one) for at, one in placed if one.kind != "supervision"]
    signs = [Box(x - 9, y - 11, x + 9, y + 11) for x, y in (point(canvas, at) for at, _ in on_arc)]
    x, y = point(canvas, u)
    is_running = first <= today <= last and walked_to == today
    taken: list[Box] = []
    today_label = None
    if is_running:
        today_label = label_of_today(canvas, u, today, signs)
        taken = [label_box(today_label, BOLD), Box(x - 12, y - 12, x + 12, y + 12)]
    named = [(at, one.name) for at, one in on_arc if one.name] if canvas.is_wide else []

    def marks(**wanted: bool) -> list[Mark]:
        return marks_of(canvas, placed, **wanted)

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
        floor_done=marks(floor=True, done=True),
        floor_ahead=marks(floor=True, done=False),
        done=marks(floor=False, done=True),
        ahead=marks(floor=False, done=False),
        labels=labels_for(canvas, named, taken, signs),
        today=Mark("circle", number(x), number(y), number(11 if canvas.is_wide else 9.35), "")
        if is_running
        else None,
        today_label=today_label,
        today_drop=f"M{number(x)} {number(y + 12)}V{number(canvas.floor)}" if is_running else "",
    )
