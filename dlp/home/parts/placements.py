"""The page of one placement, for staff, its leader and its school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.calendar import is_working_day
from dlp.home import term_calendar
from dlp.home.arc.signs import Milestone
from dlp.home.days_out import OutRow, draw_term, out_words, rows_of, term_title
from dlp.home.parts import beginning, reviews
from dlp.home.parts.beginning import Beginning
from dlp.home.parts.reviews import Reviews
from dlp.home.term_calendar import TermCalendar
from dlp.home.way import Way, dots, months, so_far, way
from dlp.prepared import SOMETHING, Prepared
from placements.models import Placement, PlacementChange, SchoolContact, SchoolName
from placements.operations.successions import Succession, succession_of
from placements.permissions import can_see_days_out, can_see_history
from placements.steps import Choice, choices_for, days_left
from training.dates_out import DayOut, days_out

State = Placement.State


@dataclass(frozen=True)
class TermOut:
    """When the leader is out of school in the current term."""

    heading: str
    calendar: TermCalendar
    title: str
    rows: list[OutRow]


@dataclass(frozen=True)
class Step:
    """A step, and the day it was recorded if that is another one."""

    change: PlacementChange
    said: str
    recorded_on: date | None


@dataclass(frozen=True)
class PlacementPage:
    placement: Placement
    is_own: bool
    words: str
    way: Way
    out: TermOut | None
    former_names: list[SchoolName]
    host_leads: list[SchoolContact]
    coordinator: Person | None
    beginning: Beginning
    choices: list[Choice]
    succession: Succession | None
    """None if the host is open, the placement is over, or the viewer may not move it."""
    movable: list[Placement]
    """This placement, where it can move."""
    reviews: Reviews
    steps: list[Step] | None
    """None for those who do not see who did what."""

    @property
    def has_day_one(self) -> bool:
        """Whether there is a first day to prepare for."""
        return self.placement.state in Placement.LIVE_STATES


def page(viewer: Person, placement: Placement, now: datetime) -> PlacementPage:
    today = words.as_day(now)
    changes = _changes().models({SOMETHING: placement.pk})
    agreed = agreed_end(placement, changes)
    out = known_days(placement, agreed) if can_see_days_out(viewer, placement) else []
    movable = [placement] if may_move(viewer, placement) else []
    contacts = _contacts(today).models({SOMETHING: placement.school_id})
    before = beginning.of(viewer, placement, changes, contacts, today)
    return PlacementPage(
        placement=placement,
        is_own=placement.participation.person_id == viewer.pk,
        words=sentences(placement, agreed, changes, out, today),
        way=drawn(placement, agreed, changes, out, today),
        out=term_out(placement, out, today),
        former_names=[
            name
            for name in _former_names().models({SOMETHING: placement.school_id})
            if name.name not in placement.host
        ],
        host_leads=[one for one in contacts if one.role == SchoolContact.Role.HOST_LEAD],
        coordinator=placement.participation.cohort.coordinator,
        beginning=before,
        choices=[
            *choices_for(placement, before.gate, before.said),
            *days_left(placement, changes, today),
        ]
        if can_change_programme(viewer)
        else [],
        succession=succession_of(placement.school) if movable else None,
        movable=movable,
        reviews=Reviews([], []) if before.way else reviews.of_placement(viewer, placement, today),
        steps=steps_of(changes) if can_see_history(viewer) else None,
    )


@cache
def _changes() -> Prepared:
    changes = PlacementChange.objects.filter(placement=SOMETHING)
    return Prepared(changes.select_related("by", "moved_from"))


@lru_cache(maxsize=2)
def _contacts(day: date) -> Prepared:
    contacts = SchoolContact.objects.current_on(day).filter(school=SOMETHING)
    return Prepared(contacts.select_related("person"))


@cache
def _former_names() -> Prepared:
    return Prepared(SchoolName.objects.filter(school=SOMETHING))


def may_move(viewer: Person, placement: Placement) -> bool:
    return placement.state in Placement.OPEN_STATES and can_change_programme(viewer)


def steps_of(changes: Sequence[PlacementChange]) -> list[Step]:
    """The steps in order; becoming active is "started", or "resumed" after a pause."""
    steps = []
    was_paused = False
    for one in changes:
        started = "Resumed" if was_paused else "Started"
        said = started if one.state == State.ACTIVE else one.get_state_display()
        if one.moved_from:
            said = f"Moved on from {one.moved_from}, which closed"
        elif one.starts_on_before and one.ends_on_before:
            asked = ", and both asked again" if one.state == State.OFFERED else ""
            before = words.span(one.starts_on_before, one.ends_on_before)
            said = f"Days changed{asked}; they were {before}"
        was_paused = one.state == State.PAUSED
        recorded_on = words.as_day(one.recorded_at)
        steps.append(Step(one, said, recorded_on if recorded_on != one.effective_on else None))
    return steps


def agreed_end(placement: Placement, changes: Sequence[PlacementChange]) -> date:
    """The last day as agreed, which an early end does not move."""
    if placement.state != State.ENDED_EARLY:
        return placement.ends_on
    ends = [one for one in changes if one.state == State.ENDED_EARLY]
    before = [one.ends_on_before for one in ends if one.ends_on_before]
    return max([placement.ends_on, *before])


def known_days(placement: Placement, agreed: date) -> list[DayOut]:
    """Working days of this placement on which the leader is out; none before it is agreed."""
    if not placement.is_held:
        return []
    person_id = placement.participation.person_id
    out = days_out([person_id], placement.starts_on, min(agreed, placement.ends_on))
    return [one for one in out if is_working_day(one.day)]


def stopped_on(placement: Placement, changes: Sequence[PlacementChange], today: date) -> date:
    """How far the placement came: to today, its last day, or the day it was paused."""
    if not placement.is_held:
        return placement.starts_on
    if placement.state == State.PAUSED and (since := paused_on(changes)):
        return min(since, today)
    return max(min(today, placement.ends_on), placement.starts_on)


def paused_on(changes: Sequence[PlacementChange]) -> date | None:
    pauses = [
        one.effective_on
        for one in changes
        if one.state == State.PAUSED and not one.starts_on_before
    ]
    return pauses[-1] if pauses else None


def sentences(
    placement: Placement,
    agreed: date,
    changes: Sequence[PlacementChange],
    out: Sequence[DayOut],
    today: date,
) -> str:
    """Where the placement stands, in a sentence or two."""
    first, last = placement.starts_on, placement.ends_on
    if placement.state == State.PROPOSED:
        return "A thought of the programme’s own: neither the leader nor the school sees it yet."
    if placement.state == State.OFFERED:
        return f"Offered to both. If both accept, it begins on {words.day(first)}."
    if not placement.is_held:
        return "Nothing came of it."
    if placement.state == State.ENDED_EARLY:
        return f"Ended on {words.plain_day(last)}; it was to run until {words.plain_day(agreed)}."
    if placement.state == State.COMPLETED:
        length = words.count(months(first, last), "month")
        return f"Completed on {words.plain_day(last)}, after {length}."
    if placement.state == State.PAUSED:
        since = paused_on(changes)
        return f"Paused{f' since {words.plain_day(since)}' if since else ''}. The dates stay."
    if today < first:
        return f"Begins on {words.day(first)}, {words.from_today(first, today=today)}."
    if today > last:
        return f"The last day was {words.plain_day(last)}."
    return f"{so_far(first, last, today)} {term_words(out, today)}"


def term_words(out: Sequence[DayOut], today: date) -> str:
    """In the autumn term: out 2 days, and 4 meetings in school."""
    name, first, last = term_calendar.school_term(today)
    this_term = [one for one in out if first <= one.day <= last]
    return f"In the {name} term: {out_words(this_term)}."


def drawn(
    placement: Placement,
    agreed: date,
    changes: Sequence[PlacementChange],
    out: Sequence[DayOut],
    today: date,
) -> Way:
    """The placement from its first day to the last one agreed."""
    milestones = milestones_of(placement, agreed, out, today)
    span = f"{placement.starts_on:%B %Y} to {agreed:%B %Y}"
    return way(
        milestones,
        title=f"{placement.participation.person} at {placement.host.said}, {span}",
        says=sentences(placement, agreed, changes, out, today),
        signs={"session": dots(milestones, "A day out", "a meeting in school"), "turn": "Last day"},
        filled="Filled has been, open is ahead",
        first=placement.starts_on,
        last=agreed,
        walked_to=stopped_on(placement, changes, today),
        today=today,
    )


def milestones_of(
    placement: Placement, agreed: date, out: Sequence[DayOut], today: date
) -> list[Milestone]:
    """The days on which the school is without the leader, and the last day."""
    days = [
        Milestone(
            day=one.day,
            label=f"{'Meeting in school' if one.in_school else one.title}, {one.hours}",
            kind="supervision" if one.in_school else "session",
            is_done=one.day < today,
            said="Held" if one.day < today else "Ahead",
        )
        for one in out
        if one.counts
    ]
    is_over = placement.is_held and agreed < today and placement.ends_on == agreed
    end = Milestone(
        agreed, "Last day", "turn", is_over, "Passed" if is_over else "Ahead", "Last day"
    )
    return [*days, end]


def term_out(placement: Placement, out: Sequence[DayOut], today: date) -> TermOut | None:
    """None if the placement does not reach into this term."""
    name, first, last = term_calendar.school_term(today)
    is_there = placement.is_held and placement.starts_on <= last and placement.ends_on >= first
    if not is_there:
        return None
    person = placement.participation.person
    counted = [one for one in out if one.counts and first <= one.day <= last]
    letters = term_calendar.letters_for([(person.pk, person.name)])
    return TermOut(
        heading=f"Out in the {name} term",
        calendar=draw_term(counted, letters, first, last, name, today),
        title=term_title(name, counted),
        rows=rows_of((one for one in out if one.day >= today), {}, today),
    )
