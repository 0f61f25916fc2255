"""One cohort: who is in it, where they are placed, and how they come to sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse

from cohorts.models import Cohort, Participation, Person
from cohorts.models.people import listed_name
from dlp import words
from dlp.calendar import term_bounds
from dlp.home import arc, meetings
from dlp.home.arc import Milestone
from dlp.home.journey import SIGNS, months_between, short
from dlp.home.meetings import Meeting
from dlp.home.parts.desk import DeskSession, desk_session, with_counts
from dlp.home.strips import Strip, strip
from dlp.home.way import Way, dots, so_far, way
from dlp.http import addresses
from placements.models import Placement
from placements.where import Where, where_of
from training.models import Booking, Kind, Session

State = Participation.State

A_PAGE = 25
NEXT_SESSIONS = 5
NEVER_BEGAN = frozenset({State.OFFERED, State.ACCEPTED, State.DECLINED})
IN_STRIP = 10
AHEAD_IN_STRIP = 2


class Row(NamedTuple):
    """Somebody's time in the cohort, as flat as the query tells it: a full cohort has hundreds."""

    pk: int
    person_id: int
    state: str
    full_name: str
    known_as: str
    email: str | None
    invited_at: datetime | None

    @property
    def name(self) -> str:
        return listed_name(self.full_name, self.known_as)

    @property
    def is_current(self) -> bool:
        return self.state in Participation.CURRENT_STATES

    @property
    def is_expected(self) -> bool:
        return self.state in Participation.EXPECTED_STATES


@dataclass(frozen=True)
class Member:
    """One row of the table of people, ready to be written."""

    url: str
    name: str
    state: str
    state_label: str
    placement_url: str
    school: str
    role: str
    strip: Strip | None
    next: Meeting | None
    next_day: str


@dataclass(frozen=True)
class Waits:
    """Something in this cohort that waits for somebody."""

    sign: str
    title: str
    detail: str
    url: str
    action: str
    posts: bool = False
    """Whether the button does it at once, with POST."""


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


def page(viewer: Person, cohort: Cohort, number: str | None, now: datetime) -> CohortPage:
    today = words.as_day(now)
    rows = members_of(viewer, cohort)
    placements = placements_of(viewer, cohort, today)
    pager = Paginator(rows, A_PAGE).get_page(number)
    known = meetings_of(viewer, cohort, [row.person_id for row in pager], today)
    sessions = sessions_of(viewer, cohort, now)
    due = [one for one in sessions if one.state == "done"]
    milestones = milestones_of(viewer, cohort, now)
    progress = progress_words(cohort, milestones, today)
    return CohortPage(
        cohort=cohort,
        words=cohort_words(cohort, today),
        progress=progress,
        way=drawn(cohort, milestones, progress, today),
        figures=figures(viewer, cohort, rows, placements, today),
        members=[member(row, placements.get(row.pk), known[row.person_id], now) for row in pager],
        pager=pager,
        sessions=[one for one in sessions if one.state != "done"][:NEXT_SESSIONS],
        registers=due,
        where=where_of(placements.values()) if placements else None,
        waiting=waiting(cohort, rows, placements, due, today),
    )


def members_of(viewer: Person, cohort: Cohort) -> list[Row]:
    """Everybody who was ever in the cohort: those who are now first, then by name."""
    people = (
        Participation.objects.visible_to(viewer)
        .filter(cohort=cohort)
        .order_by("person__search_text", "pk")
        .values_list(
            "pk",
            "person_id",
            "state",
            "person__full_name",
            "person__known_as",
            "person__email",
            "person__invited_at",
        )
    )
    return sorted((Row(*one) for one in people), key=lambda one: not one.is_current)


def placements_of(viewer: Person, cohort: Cohort, today: date) -> dict[int, Placement]:
    """The placement of each participation that stands today or comes next; once over, the last."""
    held = (
        Placement.objects.visible_to(viewer)
        .held()
        .filter(participation__cohort=cohort)
        .select_related("school")
        .only(
            "participation_id",
            "starts_on",
            "ends_on",
            "role_title",
            "host_setting",
            "school__name",
            "school__region",
            "school__easting",
            "school__northing",
        )
    )
    if cohort.ends_on >= today:
        held = held.filter(ends_on__gte=today).order_by("-starts_on")
    else:
        held = held.order_by("starts_on")
    return {one.participation_id: one for one in held}


def meetings_of(
    viewer: Person, cohort: Cohort, person_ids: Iterable[int], today: date
) -> dict[int, list[Meeting]]:
    """A year of bookings of these people, the cohort's last once it is over, and what comes."""
    since = min(today, cohort.ends_on) - timedelta(days=365)
    bookings = Booking.objects.visible_to(viewer).filter(
        person__in=person_ids, session__starts_on__gte=since
    )
    known: dict[int, list[Meeting]] = defaultdict(list)
    for one in meetings.read(bookings):
        known[one.person_id].append(one)
    return known


def member(row: Row, placement: Placement | None, known: list[Meeting], now: datetime) -> Member:
    ahead = [one for one in meetings.coming(known, now) if one.is_live]
    following = ahead[0] if ahead and row.is_current else None
    return Member(
        url=addresses("home:person")(row.person_id),
        name=row.name,
        state=row.state,
        state_label=Participation.State(row.state).label,
        placement_url=addresses("home:placement")(placement.pk) if placement else "",
        school=placement.school.name if placement else "",
        role=placement.get_role_title_display() if placement else "",
        strip=strip(meetings.marks(known, past=IN_STRIP, ahead=AHEAD_IN_STRIP)),
        next=following,
        next_day=f"{following.day:%-d %b}" if following else "",
    )


def sessions_of(viewer: Person, cohort: Cohort, now: datetime) -> list[DeskSession]:
    """Sessions for the cohort that wait for their register, and the next few to come."""
    mine = Session.objects.visible_to(viewer).published().filter(cohorts=cohort)
    wanted = mine.filter(Q(ends_at__gte=now) | Q(register_closed_at=None))
    return [desk_session(one, now) for one in with_counts(wanted).order_by("starts_at", "pk")]


def drawn(cohort: Cohort, milestones: Sequence[Milestone], says: str, today: date) -> Way:
    """The cohort's two years with every session that it has."""
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


def milestones_of(viewer: Person, cohort: Cohort, now: datetime) -> list[Milestone]:
    """The cohort's published sessions, by day."""
    sessions = (
        Session.objects.visible_to(viewer)
        .published()
        .filter(cohorts=cohort)
        .order_by("starts_at", "pk")
        .values_list("kind", "title", "venue_name", "starts_at", "ends_at")
    )
    return [
        Milestone(
            day=words.as_day(starts_at),
            label=title,
            kind=SIGNS.get(Kind(kind), "session"),
            is_done=ends_at < now,
            said="Held" if ends_at < now else "Ahead",
            name=short(venue_name or title) if kind == Kind.RESIDENTIAL else "",
        )
        for kind, title, venue_name, starts_at, ends_at in sessions
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
    viewer: Person,
    cohort: Cohort,
    rows: list[Row],
    placements: dict[int, Placement],
    today: date,
) -> CohortFigures:
    placed = [one for one in placements.values() if one.starts_on <= today]
    return CohortFigures(
        on_programme=sum(1 for row in rows if row.is_current),
        in_placement=len(placed),
        attendance=attendance(viewer, cohort, today),
        days_left=max((cohort.ends_on - today).days, 0),
        is_running=cohort.starts_on <= today <= cohort.ends_on,
        completed=sum(row.state == Participation.State.COMPLETED for row in rows)
        if today > cohort.ends_on
        else None,
        began=sum(row.state not in NEVER_BEGAN for row in rows),
    )


def attendance(viewer: Person, cohort: Cohort, today: date) -> str:
    """The share of marks of this term that say they came: 94 %, or nothing without a mark."""
    first, last = term_bounds(today)
    marked = (
        Booking.objects.visible_to(viewer)
        .filter(
            session__cohorts=cohort,
            session__starts_on__range=(first, last),
            person__participations__cohort=cohort,
        )
        .exclude(attendance="")
    )
    counts = marked.aggregate(
        came=Count("pk", filter=Q(attendance__in=Booking.CAME), distinct=True),
        all=Count("pk", distinct=True),
    )
    return f"{round(100 * counts['came'] / counts['all'])} %" if counts["all"] else ""


def cohort_words(cohort: Cohort, today: date) -> str:
    """1 September 2025 to 31 August 2027, year two. London and Yorkshire. Lena Hart coordinates."""
    said = words.span(cohort.starts_on, cohort.ends_on)
    if cohort.starts_on <= today <= cohort.ends_on:
        year = arc.year_name(months_between(cohort.starts_on, today) // 12)
        said += f", {year[0].lower()}{year[1:]}"
    regions = words.joined([cohort.Region(region).label for region in cohort.regions])
    said += f". {regions}." if regions else "."
    if cohort.coordinator:
        return f"{said} {cohort.coordinator.name} coordinates."
    return f"{said} Nobody coordinates it yet."


def listed(names: list[str], limit: int = 3) -> str:
    """Ada, Tom, Rosa and 4 more"""
    if len(names) <= limit:
        return words.joined(names)
    return words.joined([*names[:limit], f"{len(names) - limit} more"])


def waiting(
    cohort: Cohort,
    rows: list[Row],
    placements: dict[int, Placement],
    due: list[DeskSession],
    today: date,
) -> list[Waits]:
    """What this page itself shows to be missing."""
    found = [
        Waits(
            sign="bad",
            title=f"Register missing: {one.session.title}",
            detail=f"Held {words.from_today(one.session.ends_at, today=today)}.",
            url=reverse("training:register", args=[one.session.pk]),
            action="Take the register",
        )
        for one in due
    ]
    unplaced = [row.name for row in rows if row.is_expected and row.pk not in placements]
    if unplaced and today <= cohort.ends_on:
        found.append(
            Waits(
                sign="due",
                title=f"{words.count(len(unplaced), 'leader')} without a placement",
                detail=f"{listed(unplaced)}.",
                url=reverse("placements:schools"),
                action="Find a school",
            )
        )
    strangers = [row for row in rows if row.is_current and row.email and row.invited_at is None]
    if strangers:
        found.append(
            Waits(
                sign="soon",
                title=f"{words.count(len(strangers), 'person', 'people')} not invited to sign in",
                detail=f"{listed([row.name for row in strangers])}.",
                url=reverse("cohorts:invite", args=[cohort.pk]),
                action="Invite them all" if len(strangers) > 1 else "Invite them",
                posts=True,
            )
        )
    return found
