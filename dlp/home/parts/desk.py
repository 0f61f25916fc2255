"""The staff desk: what needs attention, what happens today and in the week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cohorts.models import Person
from dlp import attention, words
from dlp.attention import Line
from dlp.calendar import instant_or_nearest, wall
from dlp.changes import Kept, Marks
from dlp.home import covering, meetings, term_calendar
from dlp.home.covering import Team
from dlp.http import addresses
from dlp.outbox.models import Message
from placements.models import Placement
from training.models import Booking, Session
from training.models.sessions import SessionQuerySet, place_of
from training.turnout import in_a_sentence

SHOWN_LINES = 40
FOLLOWING = 3
FAR = timedelta(days=3650)
ALL = "all"
SHOWN_SESSIONS = 12

_teams: Kept[Team] = Kept()


@dataclass(frozen=True)
class Chip:
    """A choice of lines: by a heading, or by whom they wait for."""

    label: str
    count: int
    is_current: bool
    query: str
    """What follows the desk's address; empty for the desk as it opens."""


@dataclass(frozen=True)
class Waiting:
    """One line, and for whom it waits where that is somebody else."""

    line: Line
    for_whom: str


class Counted(NamedTuple):
    """A session with its counts."""

    pk: int
    title: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    venue_name: str
    coming_count: int
    unanswered_count: int
    away_count: int
    came_count: int
    marked_count: int

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()


@dataclass(frozen=True)
class DeskSession:
    pk: int
    url: str
    title: str
    starts_at: datetime
    ends_at: datetime
    hours: str
    place: str
    detail: str
    state: str
    """done, now or ahead"""


@dataclass(frozen=True)
class Moment:
    """What happens between the sessions of today."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Figures:
    in_placement: int
    waiting: int
    this_week: int
    letters: int


@dataclass(frozen=True)
class Desk:
    title: str
    words: str
    figures: Figures
    area: str
    whose: list[Chip]
    """Mine and everybody's; empty where they are the same."""
    chips: list[Chip]
    lines: list[Waiting]
    more: int
    notices: list[str]
    before: list[DeskSession]
    now: Moment
    after: list[DeskSession]
    week: list[DeskSession]
    more_sessions: int
    week_heading: str


def desk(person: Person, now: datetime, area: str, whose: str) -> Desk:
    today = words.as_day(now)
    placed, letters, marks = placed_letters_and_marks(person, today)
    team = _teams.answer(today, marks, lambda: covering.team(today))
    everybodys = attention.lines_for(person, today, as_of=marks)
    mine = [line for line in everybodys if team.is_for(person.pk, line)]
    narrowed = team.narrows(person.pk) and len(mine) < len(everybodys)
    lines = mine if narrowed and whose != ALL else everybodys
    shown = [line for line in lines if not area or line.area == area]
    week_end = start_of(today + timedelta(days=7 - today.weekday()))
    known = sessions_from(person, start_of(today - timedelta(days=today.weekday())), week_end)
    sessions = [one for one in known if one.starts_at < week_end]
    todays = [desk_session(one, now) for one in sessions if words.as_day(one.starts_at) == today]
    ahead = [one for one in sessions if words.as_day(one.starts_at) > today]
    coming = ahead or [one for one in known if one.starts_at >= week_end][:FOLLOWING]
    return Desk(
        title=f"{today:%A %-d %B}",
        words=desk_words(today, len(sessions), todays),
        figures=Figures(
            in_placement=placed,
            waiting=len(lines),
            this_week=len(sessions),
            letters=letters,
        ),
        area=area,
        whose=whose_chips(len(mine), len(everybodys), whose) if narrowed else [],
        chips=chips(lines, area, whose if narrowed else ""),
        lines=[Waiting(line, team.for_whom(person.pk, line)) for line in shown[:SHOWN_LINES]],
        more=max(len(shown) - SHOWN_LINES, 0),
        notices=team.notices(person.pk),
        before=[one for one in todays if one.state == "done"],
        now=moment(now, todays),
        after=[one for one in todays if one.state == "ahead"],
        week=[desk_session(one, now) for one in coming[:SHOWN_SESSIONS]],
        more_sessions=max(len(ahead) - SHOWN_SESSIONS, 0),
        week_heading="This week" if ahead else "Next",
    )


def start_of(day: date) -> datetime:
    return instant_or_nearest(day, time(0, 0))


def sessions_from(person: Person, monday: datetime, week_end: datetime) -> list[Counted]:
    """Published sessions of the week and the three after it: an empty week says what comes."""
    visible = Session.objects.visible_to(person).published().order_by("starts_at", "pk")
    third = visible.filter(starts_at__gte=week_end).values("starts_at")[FOLLOWING - 1 : FOLLOWING]
    latest = Coalesce(Subquery(third), Value(week_end + FAR))
    return counted(visible.filter(starts_at__gte=monday, starts_at__lte=latest))


def counted(sessions: SessionQuerySet) -> list[Counted]:
    """These sessions in their order, as flat rows: a large programme has a hundred in a week."""
    rows = sessions.annotate(
        coming_count=Count("bookings", filter=Q(bookings__state=Booking.State.COMING)),
        unanswered_count=Count("bookings", filter=Q(bookings__state=Booking.State.INVITED)),
        away_count=Count("bookings", filter=Q(bookings__state=Booking.State.NOT_COMING)),
        came_count=Count("bookings", filter=Q(bookings__attendance__in=Booking.CAME)),
        marked_count=Count("bookings", filter=~Q(bookings__attendance="")),
    )
    return [Counted(*row) for row in rows.values_list(*Counted._fields)]


def desk_session(session: Counted, now: datetime) -> DeskSession:
    state = "ahead" if session.starts_at > now else "done" if session.ends_at < now else "now"
    return DeskSession(
        pk=session.pk,
        url=addresses("training:session")(session.pk),
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        hours=meetings.hours(session.starts_at, session.ends_at),
        place=place_of(session.mode, session.venue_name),
        detail=in_a_sentence(session),
        state=state,
    )


def placed_letters_and_marks(person: Person, today: date) -> tuple[int, int, str]:
    """How many leaders are in a school today, how many letters are to leave, and what changed last."""
    sql, values = _figures_question(today)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, person.pk])
        placed, letters, marks = cursor.fetchone()
    return placed, letters, str(marks)


@lru_cache(maxsize=2)
def _figures_question(today: date) -> tuple[str, tuple[Any, ...]]:
    """What all staff ask on this day, and every value but the last, which is their number."""
    staff = Person(is_staff=True)
    placed = Placement.objects.visible_to(staff).held_on(today).order_by()
    letters = Message.objects.visible_to(staff).filter(
        due_at__gte=start_of(today),
        due_at__lt=start_of(today + timedelta(days=1)),
        state__in=[*Message.OPEN_STATES, Message.State.SENT],
    )
    counts = CountOf(placed.values("starts_on")), CountOf(letters.order_by().values("pk"))
    figures = Person.objects.get_queryset().values_list(*counts, Marks()).filter(pk=0)
    sql, (*values, _) = figures.order_by().query.sql_with_params()
    return sql, tuple(values)


class CountOf(Subquery):
    """How many rows a question has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def chips(lines: list[Line], area: str, whose: str) -> list[Chip]:
    counts = Counter(line.area for line in lines)
    areas = [
        Chip(name, number, name == area, query(area=name, whose=whose))
        for name, number in counts.most_common()
    ]
    return [Chip("All", len(lines), not area, query(whose=whose)), *areas]


def whose_chips(mine: int, everybodys: int, whose: str) -> list[Chip]:
    return [
        Chip("Mine", mine, whose != ALL, ""),
        Chip("Everybody’s", everybodys, whose == ALL, query(whose=ALL)),
    ]


def query(**chosen: str) -> str:
    """?whose=all&area=People, without what is not chosen."""
    said = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{said}" if said else ""


def moment(now: datetime, todays: list[DeskSession]) -> Moment:
    running = [one.title for one in todays if one.state == "now"]
    said = f"{words.joined(running)} is running." if running else "Nothing is running."
    if len(running) > 1:
        said = f"{words.joined(running)} are running."
    return Moment(now, said)


def desk_words(today: date, this_week: int, todays: list[DeskSession]) -> str:
    """Week 12 of the autumn term. Three sessions this week, one tonight."""
    week = term_calendar.week_words(today)
    if not this_week:
        return f"{week}. No session this week."
    number = words.in_words(this_week).capitalize()
    sessions = f"{number} {'session' if this_week == 1 else 'sessions'} this week"
    still = [one for one in todays if one.state != "done"]
    if not still:
        return f"{week}. {sessions}."
    tonight = all(wall(one.starts_at).hour >= 16 for one in still)
    return f"{week}. {sessions}, {words.in_words(len(still))} {'tonight' if tonight else 'today'}."
