"""A leader's two years in words and milestones; what the arc draws and the board says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cohorts.models import Participation
from dlp import words
from dlp.calendar import term, wall
from dlp.home import arc
from dlp.home.arc import Milestone
from dlp.home.meetings import Meeting
from dlp.home.states import state_of
from dlp.home.way import Way, dots, so_far, way
from training.models import Kind

State = Participation.State

SIGNS = {
    Kind.RESIDENTIAL: "residential",
    Kind.DSL_TRAINING: "dsl",
    Kind.SUPERVISION: "supervision",
}
"""The sign of a kind of session; every other kind is a dot."""

ENDED_STATES = frozenset({State.COMPLETED, State.WITHDRAWN, State.TRANSFERRED})


class Stay(NamedTuple):
    """A placement, as far as the arc needs it."""

    school_name: str
    starts_on: date
    ends_on: date


class Journey(NamedTuple):
    """The board of a participant's home."""

    tag: str
    tag_state: str
    words: str
    way: Way


def greeting(moment: datetime) -> str:
    """By the clock in England: morning until noon, evening from five in the afternoon."""
    hour = wall(moment).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 17 else "Good evening"


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - 1 if last.day < first.day else months


def year_and_term(first: date, today: date) -> str:
    """Year two, autumn term"""
    year = arc.year_name(max(months_between(first, today), 0) // 12)
    return f"{year}, {term(today)} term"


def said_of(meeting: Meeting, now: datetime) -> str:
    """What the table of the arc says about one session."""
    if meeting.attendance:
        return meeting.mark
    if meeting.ends_at < now:
        return "Not noted yet"
    return meeting.answer


def short(text: str, limit: int = 24) -> str:
    """A label short enough to stand in a drawing, cut between words."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",.:;") + "…"


def drawn_names(shown: Sequence[Meeting]) -> dict[int, str]:
    """Labels for the few that matter: the last two residentials, the first and the latest DSL day."""
    residentials = [one for one in shown if one.kind == Kind.RESIDENTIAL]
    dsl = [one for one in shown if one.kind == Kind.DSL_TRAINING]
    names = {one.session_id: short(one.venue_name or one.title) for one in residentials[-2:]}
    names |= {one.session_id: "DSL training" for one in dsl[:1]}
    if len(dsl) > 1 and dsl[-1].starts_at - dsl[0].starts_at > timedelta(days=90):
        names[dsl[-1].session_id] = "DSL refresher"
    return names


def milestones_of(
    known: Iterable[Meeting], stays: Iterable[Stay], participation: Participation, now: datetime
) -> list[Milestone]:
    """Everything on the way, by day: sessions people go to, where placements begin, and the end."""
    today = words.as_day(now)
    last = participation.expected_end_on
    shown = [one for one in known if one.takes_place and (one.is_live or one.attendance)]
    names = drawn_names(shown)
    found = [
        Milestone(
            day=one.day,
            label=one.title,
            kind=SIGNS.get(Kind(one.kind), "session"),
            is_done=one.came,
            said=said_of(one, now),
            name=names.get(one.session_id, ""),
        )
        for one in shown
    ]
    found += [
        Milestone(
            day=stay.starts_on,
            label=f"Placement at {stay.school_name} begins",
            kind="turn",
            is_done=stay.starts_on <= today,
            said="Begun" if stay.starts_on <= today else "Ahead",
        )
        for stay in stays
    ]
    if participation.state not in (State.WITHDRAWN, State.TRANSFERRED):
        is_done = participation.state == State.COMPLETED
        said = "Completed" if is_done else "Ahead"
        found.append(Milestone(last, "Completion", "turn", is_done, said, name="Completion"))
    return sorted(found, key=lambda one: one.day)


def walked_to(participation: Participation, today: date, paused_on: date | None) -> date:
    """How far somebody came: to today, to the day of the deferral, or to their last day."""
    if participation.held_to and participation.held_to < today:
        return participation.held_to
    if participation.state == State.DEFERRED and paused_on:
        return min(paused_on, today)
    return today


def tag_of(participation: Participation, today: date) -> tuple[str, str]:
    """What the board's tag says, and its state."""
    if participation.state in ENDED_STATES:
        return participation.get_state_display(), state_of(participation.state)
    if participation.state == State.DEFERRED:
        return participation.get_state_display(), "rest"
    if today < participation.starts_on:
        return f"Starts {words.from_today(participation.starts_on, today=today)}", "now"
    return year_and_term(participation.starts_on, today), "now"


def sentences(
    participation: Participation,
    milestones: Sequence[Milestone],
    today: date,
    *,
    paused_on: date | None,
    back_on: date | None,
) -> str:
    """Where somebody is on the way, in a sentence or two."""
    first, last = participation.starts_on, participation.expected_end_on
    ended_on = participation.held_to or last
    if participation.state == State.COMPLETED:
        return (
            f"You completed the programme on {words.plain_day(ended_on)}. "
            "Everything you did stays here for you."
        )
    if participation.state in ENDED_STATES:
        return f"Your time in the {participation.cohort} ended on {words.plain_day(ended_on)}."
    if participation.state == State.DEFERRED:
        since = f" since {words.plain_day(paused_on)}" if paused_on else ""
        back = f" We expect you back on {words.plain_day(back_on)}." if back_on else ""
        return f"Your two years are deferred{since}.{back} Your place is kept."
    if today < first:
        return f"Your two years begin on {words.day(first)}."
    said = so_far(first, last, today)
    behind = sum(1 for one in milestones if one.day < today)
    if behind and len(milestones) > 1:
        is_one = "is" if behind == 1 else "are"
        number, of_all = (words.in_words(n) for n in (behind, len(milestones)))
        said += f" {number.capitalize()} of your {of_all} milestones {is_one} behind you."
    moved = moved_words(participation)
    return f"{said} {moved}".strip()


def moved_words(participation: Participation) -> str:
    """After a deferral: that the last day moved, and from when."""
    planned, last = participation.cohort.ends_on, participation.expected_end_on
    if last <= planned:
        return ""
    return f"Your last day moved from {words.plain_day(planned)} to {words.plain_day(last)}."


def describe(
    participation: Participation,
    known: Iterable[Meeting],
    stays: Iterable[Stay],
    *,
    now: datetime,
    paused_on: date | None = None,
    back_on: date | None = None,
) -> Journey:
    """Draw and describe one participation as it stands at a moment."""
    today = words.as_day(now)
    first, last = participation.starts_on, participation.expected_end_on
    milestones = milestones_of(known, stays, participation, now)
    label, state = tag_of(participation, today)
    text = sentences(participation, milestones, today, paused_on=paused_on, back_on=back_on)
    has_missed = any(one.day < today and not one.is_done for one in milestones)
    return Journey(
        tag=label,
        tag_state=state,
        words=text,
        way=way(
            milestones,
            title=f"Your two years, {first:%B %Y} to {last:%B %Y}",
            says=text,
            signs={
                "residential": "Residential",
                "dsl": "DSL",
                "turn": "Placement, completion",
                "session": dots(milestones, "Session", "supervision"),
            },
            filled=f"Filled is done, open is ahead{' or missed' if has_missed else ''}",
            first=first,
            last=last,
            walked_to=walked_to(participation, today, paused_on),
            today=today,
        ),
    )
