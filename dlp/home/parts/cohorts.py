"""The page of one cohort: its people, placements and attendance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from cohorts.cohort_states import CohortState
from cohorts.models import Cohort, Participation
from cohorts.planning.progress import totals_of
from dlp import words
from dlp.calendar import term_bounds
from dlp.home.arc.signs import Milestone
from dlp.home.arc.times import year_name
from dlp.home.entries import SIGNS, short
from dlp.home.journey import months_between
from dlp.home.parts.cohort_people import (
    Member,
    Placed,
    Row,
    away_words_of,
    members_of,
    placements_of,
    table_of,
    turns_of,
)
from dlp.home.parts.cohort_waiting import Waits, waiting
from dlp.home.parts.desk import Counted, DeskSession, desk_session
from dlp.home.roles import STAFF
from dlp.home.way import Way, dots, so_far, way
from dlp.prepared import SOMEBODY, SOMETHING, Prepared
from placements.where import Where, where_of
from training.models import Booking, Kind, Session
from training.models.sessions import COUNTED

State = Participation.State

A_PAGE = 25
NEXT_SESSIONS = 5
NEVER_BEGAN = frozenset({State.OFFERED, State.ACCEPTED, State.DECLINED})


class Planned(NamedTuple):
    """A published session of the cohort, as the query returns it: two years have many."""

    pk: int
    kind: str
    title: str
    mode: str
    venue_name: str
    starts_at: datetime
    ends_at: datetime
    register_closed_at: datetime | None


class Tally(NamedTuple):
    """The answers and marks at a session: answers of everybody, marks of the cohort's own people."""

    coming_count: int = 0
    unanswered_count: int = 0
    away_count: int = 0
    came_count: int = 0
    marked_count: int = 0
    theirs_came: int = 0
    theirs_marked: int = 0


@dataclass(frozen=True)
class CohortFigures:
    on_programme: int
    in_placement: int
    attendance: str
    days_left: int
    is_running: bool
    completed: int | None
    """How many completed it, once it is over."""
    began: int


@dataclass(frozen=True)
class CohortPage:
    cohort: Cohort
    words: str
    progress: str
    way: Way
    figures: CohortFigures
    members: list[Member]
    pager: Page[Row]
    sessions: list[DeskSession]
    waiting: list[Waits]
    registers: list[DeskSession]
    where: Where | None
    """Of the placements that stand today or come next."""

    @property
    def has_plans(self) -> bool:
        return any(member.plan for member in self.members)


def page(cohort: Cohort, number: str | None, now: datetime) -> CohortPage:
    """For staff."""
    today = words.as_day(now)
    rows = members_of(cohort)
    placements = placements_of(cohort, today)
    standing = still_of(placements, cohort, today)
    pager = Paginator(rows, A_PAGE).get_page(number)
    away = away_words_of(pager, today)
    plans = totals_of([row.pk for row in pager], today)
    turns = turns_of(cohort, [row.person_id for row in pager], now)
    planned = planned_for(cohort)
    listed, term = listed_of(planned, now), of_term(planned, today)
    tallies = tallies_of(cohort, {one.pk for one in [*listed, *term]})
    sessions = [desk_session(counted(one, tallies), now) for one in listed]
    due = [one for one in sessions if one.state == "done"]
    milestones = milestones_of(planned, now)
    progress = progress_words(cohort, milestones, today)
    return CohortPage(
        cohort=cohort,
        words=cohort_words(cohort, today),
        progress=progress,
        way=drawn(cohort, milestones, progress, today),
        figures=figures(cohort, rows, standing, attendance(term, tallies), today),
        members=table_of(pager, placements, away, turns, plans, cohort, today),
        pager=pager,
        sessions=[one for one in sessions if one.state != "done"],
        registers=due,
        where=where_of(one.host for one in standing.values()) if standing else None,
        waiting=waiting(cohort, rows, standing, due, today),
    )


def still_of(placements: dict[int, Placed], cohort: Cohort, today: date) -> dict[int, Placed]:
    """Without past ones, unless the cohort is over too."""
    if cohort.ends_on < today:
        return placements
    return {pk: one for pk, one in placements.items() if one.ends_on >= today}


def planned_for(cohort: Cohort) -> list[Planned]:
    """The cohort's published sessions, by start."""
    return [Planned(*one) for one in _planned().rows({SOMETHING: cohort.pk})]


@cache
def _planned() -> Prepared:
    sessions = Session.objects.visible_to(STAFF).published().filter(cohorts=SOMETHING)
    return Prepared(sessions.order_by("starts_at", "pk").values_list(*Planned._fields))


def listed_of(planned: Sequence[Planned], now: datetime) -> list[Planned]:
    """Sessions whose register is due, and the next few."""
    due = [one for one in planned if one.ends_at < now and one.register_closed_at is None]
    return [*due, *[one for one in planned if one.ends_at >= now][:NEXT_SESSIONS]]


def of_term(planned: Sequence[Planned], today: date) -> list[Planned]:
    first, last = term_bounds(today)
    return [one for one in planned if first <= words.as_day(one.starts_at) <= last]


def tallies_of(cohort: Cohort, sessions: Collection[int]) -> dict[int, Tally]:
    """The tally of each session, from one pass over the bookings."""
    if not sessions:
        return {}
    rows = _tallies().rows({SOMETHING: cohort.pk, SOMEBODY: list(sessions)})
    return {session: Tally(*numbers) for session, *numbers in rows}


@cache
def _tallies() -> Prepared:
    """The tallies of a cohort's sessions, as a prepared query."""
    people = Participation.objects.visible_to(STAFF).filter(cohort=SOMETHING).values("person")
    theirs = Q(person__in=people)
    counts = {
        **COUNTED,
        "theirs_came": COUNTED["came_count"] & theirs,
        "theirs_marked": COUNTED["marked_count"] & theirs,
    }
    bookings = Booking.objects.visible_to(STAFF).filter(session__in=[SOMEBODY]).order_by()
    tallies = bookings.values("session").annotate(
        **{name: Count("pk", filter=rows) for name, rows in counts.items()}
    )
    return Prepared(tallies.values_list("session", *Tally._fields))


def counted(session: Planned, tallies: Mapping[int, Tally]) -> Counted:
    return Counted(
        session.pk,
        session.title,
        session.starts_at,
        session.ends_at,
        session.mode,
        session.venue_name,
        *tallies.get(session.pk, Tally())[:5],
    )


def drawn(cohort: Cohort, milestones: Sequence[Milestone], says: str, today: date) -> Way:
    """The cohort's two years with all its sessions."""
    return way(
        milestones,
        title=f"{cohort}, {cohort.starts_on:%B %Y} to {cohort.ends_on:%B %Y}",
        says=says,
        signs={
            "residential": "Residential",
            "dsl": "DSL",
            "session": dots(milestones, "Session", "supervision"),
        },
        filled="Filled was held, open is ahead",
        first=cohort.starts_on,
        last=cohort.ends_on,
        walked_to=min(max(today, cohort.starts_on), cohort.ends_on),
        today=today,
    )


def milestones_of(planned: Iterable[Planned], now: datetime) -> list[Milestone]:
    return [
        Milestone(
            day=words.as_day(one.starts_at),
            label=one.title,
            kind=SIGNS.get(Kind(one.kind), "session"),
            is_done=one.ends_at < now,
            said="Held" if one.ends_at < now else "Ahead",
            name=short(one.venue_name or one.title) if one.kind == Kind.RESIDENTIAL else "",
        )
        for one in planned
    ]


def progress_words(cohort: Cohort, milestones: Sequence[Milestone], today: date) -> str:
    """15 months in, 9 to go. 31 of 45 sessions held."""
    held = sum(one.is_done for one in milestones)
    said = f" {held} of {words.count(len(milestones), 'session')} held." if milestones else ""
    if today < cohort.starts_on:
        begins = words.from_today(cohort.starts_on, today=today)
        return f"Begins {begins}, on {words.plain_day(cohort.starts_on)}.{said}"
    if today > cohort.ends_on:
        return f"Ended on {words.plain_day(cohort.ends_on)}.{said}"
    return f"{so_far(cohort.starts_on, cohort.ends_on, today)}{said}"


def figures(
    cohort: Cohort,
    rows: list[Row],
    placements: dict[int, Placed],
    attendance: str,
    today: date,
) -> CohortFigures:
    placed = [one for one in placements.values() if one.starts_on <= today]
    return CohortFigures(
        on_programme=sum(1 for row in rows if row.is_current),
        in_placement=len(placed),
        attendance=attendance,
        days_left=max((cohort.ends_on - today).days, 0),
        is_running=cohort.starts_on <= today and not is_over(cohort, today),
        completed=sum(row.state == Participation.State.COMPLETED for row in rows)
        if is_over(cohort, today)
        else None,
        began=sum(row.state not in NEVER_BEGAN for row in rows),
    )


def is_over(cohort: Cohort, today: date) -> bool:
    """Whether its last day has passed, or its last person was done before. Needs `with_state`."""
    state: str = cohort.state  # type: ignore[attr-defined]
    return today > cohort.ends_on or state == CohortState.COMPLETED


def attendance(term: Iterable[Planned], tallies: Mapping[int, Tally]) -> str:
    """The share of this term's marks that say they came: 94 %, or nothing without a mark."""
    known = [tallies[one.pk] for one in term if one.pk in tallies]
    marked = sum(one.theirs_marked for one in known)
    return f"{round(100 * sum(one.theirs_came for one in known) / marked)} %" if marked else ""


def cohort_words(cohort: Cohort, today: date) -> str:
    """1 September 2025 to 31 August 2027, year two. London and Yorkshire. Lena Hart coordinates."""
    said = words.span(cohort.starts_on, cohort.ends_on)
    if cohort.starts_on <= today <= cohort.ends_on:
        year = year_name(months_between(cohort.starts_on, today) // 12)
        said += f", {year[0].lower()}{year[1:]}"
    regions = words.joined([cohort.Region(region).label for region in cohort.regions])
    said += f". {regions}." if regions else "."
    if cohort.coordinator:
        return f"{said} {cohort.coordinator.name} coordinates."
    return f"{said} Nobody coordinates it yet."
