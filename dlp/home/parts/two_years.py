"""The page of one participant's two years: drawn, by term, and what moved. Theirs, and for staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil
from typing import NamedTuple

from cohorts.models import Participation, ParticipationChange, Person, PlanItem
from cohorts.planning.moves import Rebase, moves_of
from cohorts.reminders import deferral_of
from dlp import words
from dlp.calendar import academic_year, academic_year_label, half_term_starts, term, term_bounds
from dlp.home import items, journey, meetings
from dlp.home.entries import ENDED, LEFT, Entry, entries_of
from dlp.home.items import Item
from dlp.home.journey import THEIRS, YOURS, Journey, Voice
from dlp.home.meetings import Meeting
from dlp.home.parts.participant import (
    Due,
    due_before,
    expects,
    main_participation,
    next_and_later,
    next_words,
    placements_of,
    stays_of,
)

SUPERVISION = "supervision"


class Half(NamedTuple):
    """The entries of half a term; the first has no heading."""

    heading: str
    entries: list[Entry]


@dataclass(frozen=True)
class TermPart:
    name: str
    said: str
    is_open: bool
    halves: list[Half]


class Cadence(NamedTuple):
    """How many supervisions were held of those asked for."""

    label: str
    said: str
    """4 of 6"""


@dataclass(frozen=True)
class Moved:
    """What a return from a deferral moved, in a sentence and one by one."""

    said: str
    rebase: Rebase


@dataclass(frozen=True)
class TwoYearsPage:
    person: Person
    participation: Participation
    is_own: bool
    voice: Voice
    journey: Journey
    has_plan: bool
    due: Due | None
    """What comes before the next session; what is late is told apart from it."""
    next: Meeting | None
    next_words: str
    overdue: list[Item]
    overdue_words: str
    done: str
    """12 of 34"""
    cadence: Cadence | None
    credits: str
    moved: list[Moved]
    terms: list[TermPart]
    undated: list[Half]


def page(viewer: Person, person: Person, now: datetime) -> TwoYearsPage | None:
    """None for somebody who was never on the programme. The caller has checked the viewer."""
    today = words.as_day(now)
    participation = main_participation(person, today, "cohort__coordinator", "continues__cohort")
    if participation is None:
        return None
    known = meetings.read(person)
    plan = items.read(participation, *items.AND_WHO_SAYS_SO)
    stays = stays_of(placements_of(participation))
    entries = entries_of(known, plan, stays, participation, now)
    if participation.state in LEFT:  # what they did is told, and not what they left undone
        entries = [one for one in entries if one.is_drawn]
    is_own = viewer.pk == person.pk
    voice = YOURS if is_own else THEIRS
    is_expected = expects(participation)
    following = next_and_later(known, now)[0] if is_expected else None
    overdue = [one for one in plan if is_expected and one.is_overdue(today)]
    due = due_before(following, known, plan, today) if is_expected else None
    away = deferral_of(participation) if participation.is_deferred else None
    return TwoYearsPage(
        person=person,
        participation=participation,
        is_own=is_own,
        voice=voice,
        journey=journey.describe(
            participation,
            entries,
            now=now,
            voice=voice,
            paused_on=away.deferred_on if away else None,
            back_on=away.back_on if away else None,
            is_large=True,
        ),
        has_plan=bool(plan),
        due=None if due and due.is_overdue else due,
        next=following,
        next_words=next_words(following, now),
        overdue=overdue,
        overdue_words=overdue_words(overdue),
        done=done_of(plan),
        cadence=cadence_of(plan, participation, today),
        credits=credit_words(plan, participation, voice),
        moved=moved_of(participation, voice),
        terms=terms_of(entries, participation, today),
        undated=undated_of(entries),
    )


def overdue_words(overdue: Sequence[Item]) -> str:
    """Two things are past their day."""
    number = len(overdue)
    said = "thing is past its" if number == 1 else "things are past their"
    return f"{words.in_words(number).capitalize()} {said} day." if number else ""


def done_of(plan: Iterable[Item]) -> str:
    """12 of 34: optional items count only once done, not applicable ones never."""
    asked = [
        one
        for one in plan
        if one.is_done or not (one.is_optional or one.state == PlanItem.State.NOT_APPLICABLE)
    ]
    return counted(asked) if asked else ""


def cadence_of(plan: Iterable[Item], participation: Participation, today: date) -> Cadence | None:
    """Supervision in this year of the two, lengthened by deferrals; in all, once they are over.

    None if none is asked for.
    """
    asked = [
        one
        for one in plan
        if one.requirement == SUPERVISION
        and one.due_on
        and one.state != PlanItem.State.NOT_APPLICABLE
    ]
    if not asked:
        return None
    if participation.state in ENDED:
        return Cadence("Supervision", counted(asked))
    half = ceil(len(asked) / 2)
    first, second = asked[:half], asked[half:]
    is_second = bool(second) and (first[-1].due_on or today) < today
    return Cadence("Supervision this year", counted(second if is_second else first))


def counted(asked: Sequence[Item]) -> str:
    return f"{sum(one.is_done for one in asked)} of {len(asked)}"


def credit_words(plan: Iterable[Item], participation: Participation, voice: Voice) -> str:
    """Three things that you did in the 2024 Cohort count here."""
    before = participation.continues
    if before is None:
        return ""
    number = sum(bool(one.is_done and one.on and one.on < participation.starts_on) for one in plan)
    if not number:
        return ""
    said = "thing" if number == 1 else "things"
    counts = "counts" if number == 1 else "count"
    return (
        f"{words.in_words(number).capitalize()} {said} that {voice.who} did "
        f"in the {before.cohort} {counts} here."
    )


def moved_of(participation: Participation, voice: Voice) -> list[Moved]:
    """What each return moved; empty if nobody ever returned from a deferral."""
    steps = participation.known_steps  # type: ignore[attr-defined]
    if not any(step["kind"] == ParticipationChange.Kind.RESUMED for step in steps):
        return []
    return [Moved(moved_words(one, voice), one) for one in moves_of(participation)]


def moved_words(rebase: Rebase, voice: Voice) -> str:
    """Nine dates moved by 84 days when you came back on 4 January 2027; two stayed.

    "About" 84 days, if holidays and weekends moved some of them further than others.
    """
    away = (rebase.back_on - rebase.away_on).days
    is_exact = {one.days for one in rebase.moved} == {away}
    by = f"{'' if is_exact else 'about '}{words.count(away, 'day')}"
    number = len(rebase.moved)
    moved = f"{words.in_words(number).capitalize()} {'date' if number == 1 else 'dates'} moved"
    stayed = f"; {words.in_words(len(rebase.stayed))} stayed" if rebase.stayed else ""
    back = words.plain_day(rebase.back_on)
    return f"{moved} by {by} when {voice.who} came back on {back}{stayed}."


def terms_of(entries: Iterable[Entry], participation: Participation, today: date) -> list[TermPart]:
    """Everything that has a day, by term; past terms are folded, unless all are past."""
    is_over = participation.state in ENDED
    dated = (one for one in entries if one.day)
    found = []
    for (_, last), group in groupby(dated, key=lambda one: term_bounds(one.day or date.max)):
        lines = list(group)
        is_late = any(one.item and one.item.is_overdue(today) for one in lines)
        found.append(
            TermPart(
                name=f"{term(last).capitalize()} term {academic_year_label(last)}",
                said=f"{sum(one.is_done for one in lines)} of {len(lines)} done",
                is_open=is_over or is_late or last >= today,
                halves=halves_of(lines),
            )
        )
    return found


def undated_of(entries: Iterable[Entry]) -> list[Half]:
    undated = [one for one in entries if one.day is None]
    return [Half("", undated)] if undated else []


def halves_of(lines: Sequence[Entry]) -> list[Half]:
    """The two halves of a term by the usual calendar; one, if everything is in it."""
    day = lines[0].day or date.max
    turns = half_term_starts(academic_year(day))[1::2]
    first, last = term_bounds(day)
    turn = next(one for one in turns if first <= one <= last)
    early = [one for one in lines if one.day and one.day < turn]
    late = [one for one in lines if one.day and one.day >= turn]
    said = f"After half-term, from {words.plain_day(turn)}"
    return [half for half in (Half("", early), Half(said, late)) if half.entries]
