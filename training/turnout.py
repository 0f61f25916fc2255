"""Who is coming to a session, or who came: counted, drawn as places in a room, filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from cohorts.models import Participation, Person
from dlp import words
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet

DRAWN_AT_MOST = 300
FREE_AT_MOST = 80
"""More free places are not drawn, only counted."""
PITCH = 22
WIDE_ROW, TALL_ROW = 40, 14
SHAPES = {
    "filled": "m-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0z",
    "ring": "m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z",
    "dash": "m-7 0h14",
    "cross": "m-5-5l10 10m0-10l-10 10",
    "free": "m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z",
}
"""Drawn from the centre of its place."""
State, Attendance = Booking.State, Booking.Attendance


def said(state: Booking.State) -> str:
    """not coming"""
    return state.label.lower()


class Answer(NamedTuple):
    """One answer or mark: its key in the URL, its words, its rows."""

    key: str
    words: str
    rows: Q
    shape: str


AWAY = Q(Exists(Participation.objects.away().filter(person=OuterRef("person"))))
"""People who are deferred take up no place; their answer is kept."""
ASKED = (
    Answer("coming", said(State.COMING), Q(state=State.COMING) & ~AWAY, "filled"),
    Answer("unanswered", said(State.INVITED), Q(state=State.INVITED) & ~AWAY, "ring"),
    Answer("deferred", "away for now", Q(state__in=Booking.LIVE_STATES) & AWAY, "dash"),
    Answer("waiting", "waiting for a place", Q(state__in=[State.WAITING, State.OFFERED]), "ring"),
    Answer("away", said(State.NOT_COMING), Q(state__in=[State.NOT_COMING, State.LAPSED]), "dash"),
)
TURNED_OUT = (
    Answer("came", "came", Q(attendance__in=Booking.CAME), "filled"),
    Answer("unmarked", "not marked", Q(attendance="", state__in=Booking.LIVE_STATES), "ring"),
    Answer("excused", "excused", Q(attendance=Attendance.EXCUSED), "dash"),
    Answer("absent", "absent", Q(attendance=Attendance.ABSENT), "cross"),
    Answer(
        "away",
        said(State.NOT_COMING),
        Q(attendance="") & ~Q(state__in=Booking.LIVE_STATES),
        "dash",
    ),
)


class Group(NamedTuple):
    """How many gave this answer."""

    key: str
    words: str
    number: int
    shape: str
    is_current: bool

    @property
    def sign(self) -> str:
        """Its shape alone, for the key: in the middle of a place."""
        return f"M{PITCH // 2} {PITCH // 2}{SHAPES[self.shape]}"


class Places(NamedTuple):
    """The drawn places in rows, one path per shape."""

    width: int
    height: int
    paths: list[tuple[str, str]]


class Turnout(NamedTuple):
    """All groups. `who` is the group that is filtered for, empty for everybody."""

    total: int
    has_viewer: bool
    """Whether the viewer is among them."""
    groups: list[Group]
    who: str
    shown: BookingQuerySet
    shown_count: int
    free: int
    title: str
    wide: Places | None
    tall: Places | None

    def number(self, key: str) -> int:
        """How many are in a group."""
        return next((group.number for group in self.groups if group.key == key), 0)


def turnout(session: Session, who: str = "", *, viewer: Person | None = None) -> Turnout:
    """Counts in one query; `shown` is a queryset not evaluated yet. Removed people do not count."""
    standing = Booking.objects.standing().filter(session=session)
    answers = TURNED_OUT if session.has_begun else ASKED
    counts = standing.aggregate(
        viewer=Count("pk", filter=Q(person=viewer)),
        **{answer.key: Count("pk", filter=answer.rows) for answer in answers},
    )
    has_viewer = bool(counts.pop("viewer"))
    wanted = next((answer for answer in answers if answer.key == who), None)
    groups = [
        Group(answer.key, answer.words, counts[answer.key], answer.shape, answer is wanted)
        for answer in answers
        if counts[answer.key] or answer is wanted
    ]
    total = sum(counts.values())
    free = free_places(session, counts)
    is_drawn = total <= DRAWN_AT_MOST
    drawn_free = free if free <= FREE_AT_MOST and total + free <= DRAWN_AT_MOST else 0
    return Turnout(
        total=total,
        has_viewer=has_viewer,
        groups=groups,
        who=wanted.key if wanted else "",
        shown=standing.filter(wanted.rows) if wanted else standing,
        shown_count=counts[wanted.key] if wanted else total,
        free=free,
        title=title(groups, free),
        wide=places(groups, drawn_free, WIDE_ROW) if is_drawn else None,
        tall=places(groups, drawn_free, TALL_ROW) if is_drawn else None,
    )


def in_a_sentence(session: Any) -> str:
    """12 coming, 3 not answered. Or who came; for a session with counts, or a flat row of one."""
    if session.marked_count:
        return f"{session.came_count} of {session.marked_count} came."
    if session.is_over:
        return "The register is not taken."
    counts = {
        State.COMING: session.coming_count,
        State.INVITED: session.unanswered_count,
        State.NOT_COMING: session.away_count,
    }
    answers = [f"{number} {said(state)}" for state, number in counts.items() if number]
    return f"{', '.join(answers)}." if answers else "Nobody is invited yet."


def free_places(session: Session, counts: dict[str, int]) -> int:
    """Places that nobody invited or waiting would fill; none without a limit, or once it has begun."""
    if not session.capacity or session.has_begun:
        return 0
    return max(session.capacity - counts["coming"] - counts["unanswered"] - counts["waiting"], 0)


def title(groups: Sequence[Group], free: int) -> str:
    """14 coming, 4 not answered, 2 places free"""
    said = [f"{group.number} {group.words}" for group in groups if group.number]
    if free:
        said.append(f"{words.count(free, 'place')} free")
    return ", ".join(said) or "Nobody is asked yet"


def places(groups: Sequence[Group], free: int, row: int) -> Places:
    """A place for everybody in the order of the groups, then the free ones; `row` per row."""
    shapes = [*_shapes(groups), *["free"] * free]
    starts: dict[str, list[str]] = {}
    for number, shape in enumerate(shapes):
        x, y = number % row * PITCH + PITCH // 2, number // row * PITCH + PITCH // 2
        starts.setdefault(shape, []).append(f"M{x} {y}{SHAPES[shape]}")
    lines = -(-len(shapes) // row)
    paths = [(shape, "".join(drawn)) for shape, drawn in starts.items()]
    return Places(row * PITCH, lines * PITCH, paths)


def _shapes(groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        yield from [group.shape] * group.number
