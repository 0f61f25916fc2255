"""The entries of somebody's two years: sessions, plan items, and where placements begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cohorts.models import Participation, PlanItem
from dlp import words
from dlp.home.arc.signs import Milestone
from dlp.home.items import Item
from dlp.home.meetings import Meeting
from training.models import Kind

State = Participation.State

SIGNS = {
    Kind.RESIDENTIAL: "residential",
    Kind.DSL_TRAINING: "dsl",
    Kind.SUPERVISION: "supervision",
}
"""The sign of a kind of session; every other kind is a dot."""

SIGNS_OF_PLAN = {
    "residential": "residential",
    "dsl": "dsl",
    "supervision": "supervision",
    "review": "review",
}
"""The sign of a requirement by how its key begins; every other one is a dot."""

AT_ITS_SESSION = frozenset({PlanItem.State.MET, PlanItem.State.BOOKED})
"""States of items shown on the day of their session; others are shown on their due day."""

LEFT = frozenset({State.WITHDRAWN, State.TRANSFERRED})
ENDED = LEFT | {State.COMPLETED}


class Stay(NamedTuple):
    """A placement, as far as the arc needs it."""

    school_name: str
    starts_on: date
    ends_on: date


class Entry(NamedTuple):
    """A session, a plan item, both if they belong together, or a turn of the two years."""

    day: date | None
    """Its day on the arc; None while nobody knows."""
    label: str
    sign: str
    state: str
    said: str
    is_done: bool
    is_drawn: bool
    item: Item | None = None
    meeting: Meeting | None = None
    name: str = ""
    """Its label in the drawing, if it is one of the important ones."""

    @property
    def is_due(self) -> bool:
        """Whether its day is a due day, and not that of something that happened or is booked."""
        return self.item is not None and self.meeting is None and self.state not in AT_ITS_SESSION


def said_of(meeting: Meeting, now: datetime) -> str:
    """The words for one session in the table of the arc."""
    if meeting.attendance:
        return meeting.mark
    if meeting.ends_at < now:
        return "Not noted yet"
    return meeting.answer


def short(text: str, limit: int = 24) -> str:
    """A label short enough for the drawing, cut between words."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",.:;") + "…"


def entries_of(
    known: Iterable[Meeting],
    items: Iterable[Item],
    stays: Iterable[Stay],
    participation: Participation,
    now: datetime,
) -> list[Entry]:
    """All entries by day; those without a day come last.

    A plan item that rests on a session becomes one entry with it.
    """
    shown = {one.pk: one for one in known if one.takes_place and (one.is_live or one.attendance)}
    found: list[Entry] = []
    told: set[int] = set()
    for item in items:
        meeting = shown.get(item.booking or 0)
        if meeting is None or item.state == PlanItem.State.TO_REPEAT:
            found.append(_entry_of_item(item, participation))
        else:
            found.append(_entry_of_session(meeting, now, item, is_drawn=meeting.pk not in told))
            told.add(meeting.pk)
    found += [_entry_of_session(one, now) for one in shown.values() if one.pk not in told]
    found += _turns(stays, participation, words.as_day(now))
    found.sort(key=lambda one: (one.day or date.max, one.sign))
    return _named(found)


def _entry_of_session(
    meeting: Meeting, now: datetime, item: Item | None = None, *, is_drawn: bool = True
) -> Entry:
    stands = meeting.attendance or ("done" if meeting.ends_at < now else meeting.state)
    return Entry(
        day=meeting.day,
        label=meeting.title,
        sign=SIGNS.get(Kind(meeting.kind), "session"),
        state=item.state if item else stands,
        said=item.state_label if item else said_of(meeting, now),
        is_done=meeting.came or bool(item and item.is_done),
        is_drawn=is_drawn,
        item=item,
        meeting=meeting,
    )


def _entry_of_item(item: Item, participation: Participation) -> Entry:
    """Drawn only if it is done, or asked of somebody on the programme."""
    is_met = item.state == PlanItem.State.MET
    is_asked = participation.state not in ENDED and not item.is_excused
    is_begun = item.state != PlanItem.State.NOT_STARTED
    return Entry(
        day=item.on if item.state in AT_ITS_SESSION and item.on else item.due_on,
        label=item.title,
        sign=sign_of(item.requirement),
        state=item.state,
        said=item.state_label,
        is_done=item.is_done,
        is_drawn=is_met or (is_asked and (is_begun or not item.is_optional)),
        item=item,
    )


def sign_of(requirement: str) -> str:
    stems = (sign for stem, sign in SIGNS_OF_PLAN.items() if requirement.startswith(stem))
    return next(stems, "session")


def _turns(stays: Iterable[Stay], participation: Participation, today: date) -> list[Entry]:
    """Where placements begin, and the end for those who reach it."""
    turns = []
    for stay in stays:
        is_begun = stay.starts_on <= today
        turns.append(
            Entry(
                day=stay.starts_on,
                label=f"Placement at {stay.school_name} begins",
                sign="turn",
                state="done" if is_begun else "planned",
                said="Begun" if is_begun else "Ahead",
                is_done=is_begun,
                is_drawn=True,
            )
        )
    if participation.state not in LEFT:
        is_over = participation.state == State.COMPLETED
        turns.append(
            Entry(
                day=participation.expected_end_on,
                label="Completion",
                sign="turn",
                state="completed" if is_over else "planned",
                said="Completed" if is_over else "Ahead",
                is_done=is_over,
                is_drawn=True,
                name="Completion",
            )
        )
    return turns


def _named(found: Sequence[Entry]) -> list[Entry]:
    """Labels for the important ones: the last two residentials, the first and latest DSL day."""
    drawn = [(at, one) for at, one in enumerate(found) if one.is_drawn and one.day]
    residentials = [(at, one) for at, one in drawn if one.sign == "residential"]
    dsl = [(at, one.day or date.max) for at, one in drawn if one.sign == "dsl"]
    names = {at: short(_place_of(one)) for at, one in residentials[-2:]}
    names |= {at: "DSL training" for at, _ in dsl[:1]}
    if len(dsl) > 1 and dsl[-1][1] - dsl[0][1] > timedelta(days=90):
        names[dsl[-1][0]] = "DSL refresher"
    return [one._replace(name=names.get(at, one.name)) for at, one in enumerate(found)]


def _place_of(one: Entry) -> str:
    return (one.meeting.venue_name if one.meeting else "") or one.label


def milestones_of(entries: Iterable[Entry]) -> list[Milestone]:
    """The entries that are drawn; repeated plan items need no label."""
    entries = list(entries)
    asked = Counter(one.item.requirement for one in entries if one.item)
    return [
        Milestone(
            day=one.day,
            label=one.label,
            kind=one.sign,
            is_done=one.is_done,
            said=one.said,
            name=one.name,
            also=one.item.short_name if one.item and asked[one.item.requirement] == 1 else "",
        )
        for one in entries
        if one.is_drawn and one.day
    ]
