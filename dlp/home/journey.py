"""A leader's two years in words and milestones; what the arc draws and the board says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from cohorts.models import Participation
from dlp import words
from dlp.calendar import term, wall
from dlp.home.arc.times import year_name
from dlp.home.entries import ENDED, Entry, milestones_of
from dlp.home.states import state_of
from dlp.home.way import Way, dots, so_far, way

State = Participation.State


class Voice(NamedTuple):
    """How to address or name the person whose two years they are."""

    who: str
    whose: str
    whom: str


YOURS = Voice("you", "your", "you")
THEIRS = Voice("they", "their", "them")


class Journey(NamedTuple):
    """The board of a participant's home."""

    tag: str
    tag_state: str
    words: str
    way: Way


def greeting(moment: datetime) -> str:
    """By the time in England: morning until noon, evening from five."""
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
    year = year_name(max(months_between(first, today), 0) // 12)
    return f"{year}, {term(today)} term"


def walked_to(participation: Participation, today: date, paused_on: date | None) -> date:
    """How far somebody came: to today, to the day of the deferral, or to their last day."""
    if participation.held_to and participation.held_to < today:
        return participation.held_to
    if participation.state == State.DEFERRED and paused_on:
        return min(paused_on, today)
    return today


def tag_of(participation: Participation, today: date) -> tuple[str, str]:
    """The words of the board's tag, and its state."""
    if participation.state in ENDED:
        return participation.get_state_display(), state_of(participation.state)
    if participation.state == State.DEFERRED:
        return participation.get_state_display(), "rest"
    if today < participation.starts_on:
        return f"Starts {words.from_today(participation.starts_on, today=today)}", "now"
    return year_and_term(participation.starts_on, today), "now"


def sentences(
    participation: Participation,
    entries: Sequence[Entry],
    today: date,
    voice: Voice = YOURS,
    *,
    paused_on: date | None,
    back_on: date | None,
) -> str:
    """Where somebody is on the way, in a sentence or two."""
    first, last = participation.starts_on, participation.expected_end_on
    ended_on = words.plain_day(participation.held_to or last)
    whose = voice.whose.capitalize()
    if participation.state == State.COMPLETED:
        return (
            f"{voice.who.capitalize()} completed the programme on {ended_on}. "
            f"Everything {voice.who} did stays here for {voice.whom}."
        )
    if participation.state in ENDED:
        return f"{whose} time in the {participation.cohort} ended on {ended_on}."
    if participation.state == State.DEFERRED:
        since = f" since {words.plain_day(paused_on)}" if paused_on else ""
        back = f" We expect {voice.whom} back on {words.plain_day(back_on)}." if back_on else ""
        return f"{whose} two years have been deferred{since}.{back} {whose} place is kept."
    if today < first:
        return f"{whose} two years begin on {words.day(first)}."
    said = [so_far(first, last, today), done_words(entries, today, voice)]
    return " ".join(one for one in (*said, moved_words(participation, voice)) if one)


def done_words(entries: Sequence[Entry], today: date, voice: Voice) -> str:
    """How much of the plan is done; without one, how many milestones are past."""
    asked = [one.item for one in entries if one.item and one.is_drawn]
    if asked:
        done = sum(item.is_done for item in asked)
        is_are = "is" if done == 1 else "are"
        number = words.in_words(done) if done else "none"
        return (
            f"{number.capitalize()} of the {words.in_words(len(asked))} things "
            f"in {voice.whose} plan {is_are} done."
        )
    drawn = [one.day for one in entries if one.is_drawn and one.day]
    behind = sum(day < today for day in drawn)
    if not behind or len(drawn) < 2:
        return ""
    is_are = "is" if behind == 1 else "are"
    number, of_all = (words.in_words(n) for n in (behind, len(drawn)))
    return (
        f"{number.capitalize()} of {voice.whose} {of_all} milestones {is_are} behind {voice.whom}."
    )


def moved_words(participation: Participation, voice: Voice) -> str:
    """After a deferral: that the last day moved, and from when."""
    planned, last = participation.cohort.ends_on, participation.expected_end_on
    if last <= planned:
        return ""
    return (
        f"{voice.whose.capitalize()} last day moved "
        f"from {words.plain_day(planned)} to {words.plain_day(last)}."
    )


def describe(
    participation: Participation,
    entries: Sequence[Entry],
    *,
    now: datetime,
    voice: Voice = YOURS,
    paused_on: date | None = None,
    back_on: date | None = None,
    is_large: bool = False,
) -> Journey:
    """Draw and describe one participation as of a moment."""
    today = words.as_day(now)
    first, last = participation.starts_on, participation.expected_end_on
    milestones = milestones_of(entries)
    label, state = tag_of(participation, today)
    text = sentences(participation, entries, today, voice, paused_on=paused_on, back_on=back_on)
    has_missed = any(one.day < today and not one.is_done for one in milestones)
    dot = "Session or module" if any(one.item for one in entries) else "Session"
    return Journey(
        tag=label,
        tag_state=state,
        words=text,
        way=way(
            milestones,
            title=f"{voice.whose.capitalize()} two years, {first:%B %Y} to {last:%B %Y}",
            says=text,
            signs={
                "residential": "Residential",
                "dsl": "DSL",
                "review": "Review",
                "turn": "Placement, completion",
                "session": dots(milestones, dot, "supervision"),
            },
            filled=f"Filled is done, open is ahead{' or missed' if has_missed else ''}",
            first=first,
            last=last,
            walked_to=walked_to(participation, today, paused_on),
            today=today,
            is_large=is_large,
        ),
    )
