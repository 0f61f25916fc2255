"""The staff desk: what needs attention, what happens today and in the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import IntegerField, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cohorts.models import Person
from dlp import attention, words
from dlp.attention import Line, Sign
from dlp.calendar import instant_or_nearest, wall
from dlp.changes import Kept, Marks
from dlp.home import covers, meetings, term_calendar
from dlp.home.covers import Team
from dlp.home.roles import STAFF
from dlp.http import addresses
from dlp.outbox.models import Message
from dlp.prepared import SOMEBODY, Prepared
from placements.models import Placement
from training.models import Session
from training.models.sessions import place_of
from training.turnout import in_a_sentence

SHOWN_LINES = 40
FOLLOWING = 3
DAY = timedelta(days=1)
FAR = 3650 * DAY
ALL = "all"
SHOWN_SESSIONS = 8
URGENT: dict[Sign, str] = {"bad": "Late or wrong", "due": "Waiting", "soon": "Worth a look"}
"""What each sign says, the most urgent first, as `lines_for` puts them."""

_teams: Kept[Team] = Kept()
_placed: Kept[int] = Kept()


@dataclass(frozen=True)
class Chip:
    """A filter for lines: by heading, or by whom they wait for."""

    label: str
    count: int
    is_current: bool
    query: str
    """The query string of the choice; empty for the desk as it opens."""


@dataclass(frozen=True)
class Waiting:
    """One line, and whom it waits for, if that is somebody else."""

    line: Line
    for_whom: str


@dataclass(frozen=True)
class Band:
    """The lines that are as urgent as each other."""

    heading: str
    count: int
    """Those that are not shown, too."""
    lines: list[Waiting]
    is_first: bool
    """Whether nothing is more urgent: these have the buttons, the others have links."""


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
    """What else happens today, between the sessions."""

    at: datetime
    words: str


class Found(NamedTuple):
    """What the desk counts today, the same for all staff."""

    letters: int
    """Letters sent or to be sent today."""
    this_week: int
    """Sessions of this week."""
    ahead: int
    """Sessions of this week after today."""
    marks: str
    """The current marks (`dlp.changes`)."""


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
    bands: list[Band]
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
    found = found_on(today, person)
    team = _teams.answer(today, found.marks, lambda: covers.team(today))
    everybodys = attention.lines_for(person, today, as_of=found.marks)
    viewer: int = person.pk  # of a request's user it costs more than the question
    mine = [line for line in everybodys if team.is_for(viewer, line)]
    narrowed = team.narrows(viewer) and len(mine) < len(everybodys)
    lines = mine if narrowed and whose != ALL else everybodys
    shown = [line for line in lines if not area or line.area == area]
    sessions = [Counted(*row) for row in _sessions_question(today).rows()]
    tomorrow = start_of(today + DAY)
    todays = [desk_session(one, now) for one in sessions if one.starts_at < tomorrow]
    ahead = [one for one in sessions if one.starts_at >= tomorrow]
    coming = ahead[: min(found.ahead, SHOWN_SESSIONS) or FOLLOWING]
    return Desk(
        title=f"{today:%A %-d %B}",
        words=desk_words(today, found.this_week, todays),
        figures=Figures(
            in_placement=_placed.answer(today, found.marks, lambda: placed_on(today)),
            waiting=len(lines),
            this_week=found.this_week,
            letters=found.letters,
        ),
        area=area,
        whose=whose_chips(len(mine), len(everybodys), whose) if narrowed else [],
        chips=chips(lines, area, whose if narrowed else ""),
        bands=bands(shown, lambda line: team.for_whom(viewer, line)),
        more=max(len(shown) - SHOWN_LINES, 0),
        notices=team.notices(viewer),
        before=[one for one in todays if one.state == "done"],
        now=moment(now, todays),
        after=[one for one in todays if one.state == "ahead"],
        week=[desk_session(one, now) for one in coming],
        more_sessions=max(found.ahead - SHOWN_SESSIONS, 0),
        week_heading="This week" if found.ahead else "Next",
    )


def start_of(day: date) -> datetime:
    return instant_or_nearest(day, time(0, 0))


@lru_cache(maxsize=2)
def _sessions_question(today: date) -> Prepared:
    """Today's published sessions and as many later ones as are shown, as a prepared query."""
    visible = Session.objects.visible_to(STAFF).published().order_by("starts_at", "pk")
    after = visible.filter(starts_at__gte=start_of(today + DAY)).values("starts_at")
    last = Subquery(after[SHOWN_SESSIONS - 1 : SHOWN_SESSIONS])
    shown = visible.filter(
        starts_at__gte=start_of(today), starts_at__lte=Coalesce(last, Value(start_of(today) + FAR))
    )
    return Prepared(shown.with_counts().values_list(*Counted._fields))


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


def found_on(today: date, person: Person) -> Found:
    (found,) = _figures_question(today).rows({SOMEBODY: person.pk})
    return Found(*found)


@lru_cache(maxsize=2)
def _figures_question(today: date) -> Prepared:
    """The figures for all staff on this day, as a prepared query."""
    midnight, tomorrow = start_of(today), start_of(today + DAY)
    monday = today - today.weekday() * DAY
    letters = Message.objects.visible_to(STAFF).filter(
        due_at__gte=midnight,
        due_at__lt=tomorrow,
        state__in=[*Message.OPEN_STATES, Message.State.SENT],
    )
    sessions = Session.objects.visible_to(STAFF).published().order_by()
    week = sessions.starting_between(start_of(monday), start_of(monday + 7 * DAY))
    figures = Person.objects.get_queryset().values_list(
        CountOf(letters.order_by().values("pk")),
        CountOf(week.values("starts_at")),
        CountOf(week.filter(starts_at__gte=tomorrow).values("starts_at")),
        Marks(),
    )
    return Prepared(figures.order_by().filter(pk=SOMEBODY))


def placed_on(day: date) -> int:
    """How many leaders are in a school. One query over all of them, so its answer is cached."""
    return Placement.objects.visible_to(STAFF).held_on(day).order_by().count()


class CountOf(Subquery):
    """The number of rows of a queryset, as a column."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def bands(lines: list[Line], for_whom: Callable[[Line], str]) -> list[Band]:
    """The lines under what their signs say, as many as are shown; a sign that none has is left out."""
    counts = Counter(line.sign for line in lines)
    told: dict[Sign, list[Waiting]] = {}
    for line in lines[:SHOWN_LINES]:
        told.setdefault(line.sign, []).append(Waiting(line, for_whom(line)))
    return [
        Band(URGENT[sign], counts[sign], those, at == 0)
        for at, (sign, those) in enumerate(told.items())
    ]


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
    """?whose=all&area=People, without unset filters."""
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
