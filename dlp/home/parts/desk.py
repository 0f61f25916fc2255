"""The staff desk: what needs attention, what happens today and in the week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q

from cohorts.models import Person
from dlp import attention, words
from dlp.attention import Line
from dlp.calendar import instant_or_nearest, wall
from dlp.home import meetings, term_calendar
from dlp.outbox.models import Message
from placements.models import Placement
from training.models import Booking, Session
from training.models.sessions import SessionQuerySet

SHOWN_LINES = 40


@dataclass(frozen=True)
class Chip:
    """A heading to filter the lines by; an empty area is all of them."""

    area: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class DeskSession:
    session: Session
    hours: str
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
    chips: list[Chip]
    lines: list[Line]
    more: int
    before: list[DeskSession]
    now: Moment
    after: list[DeskSession]
    week: list[DeskSession]
    week_heading: str


def desk(person: Person, now: datetime, area: str) -> Desk:
    today = words.as_day(now)
    lines = attention.lines_for(person, today)
    shown = [line for line in lines if not area or line.area == area]
    week_end = today + timedelta(days=7 - today.weekday())
    sessions = sessions_between(person, today - timedelta(days=today.weekday()), week_end)
    todays = [desk_session(one, now) for one in sessions if words.as_day(one.starts_at) == today]
    ahead = [desk_session(one, now) for one in sessions if words.as_day(one.starts_at) > today]
    letters = letters_on(person, today)
    return Desk(
        title=f"{today:%A %-d %B}",
        words=desk_words(today, len(sessions), todays),
        figures=Figures(
            in_placement=in_placement(person, today),
            waiting=len(lines),
            this_week=len(sessions),
            letters=letters,
        ),
        area=area,
        chips=chips(lines, area),
        lines=shown[:SHOWN_LINES],
        more=max(len(shown) - SHOWN_LINES, 0),
        before=[one for one in todays if one.state == "done"],
        now=moment(now, todays, letters),
        after=[one for one in todays if one.state == "ahead"],
        week=ahead or following(person, week_end, now),
        week_heading="This week" if ahead else "Next",
    )


def start_of(day: date) -> datetime:
    return instant_or_nearest(day, time(0, 0))


def sessions_between(person: Person, first: date, last: date) -> list[Session]:
    """Published sessions that start on or after `first` and before `last`."""
    between = Session.objects.visible_to(person).starting_between(start_of(first), start_of(last))
    return list(with_counts(between.published()).order_by("starts_at", "pk"))


def with_counts(sessions: SessionQuerySet) -> SessionQuerySet:
    """Adds how many are coming, have not answered, and came."""
    return sessions.annotate(
        coming=Count("bookings", filter=Q(bookings__state=Booking.State.COMING)),
        asked=Count("bookings", filter=Q(bookings__state=Booking.State.INVITED)),
        came=Count("bookings", filter=Q(bookings__attendance__in=Booking.CAME)),
        marked=Count("bookings", filter=~Q(bookings__attendance="")),
    )


def following(person: Person, after: date, now: datetime) -> list[DeskSession]:
    """The next three sessions after this week: an empty week says what comes."""
    ahead = Session.objects.visible_to(person).published().filter(starts_at__gte=start_of(after))
    return [desk_session(one, now) for one in with_counts(ahead).order_by("starts_at", "pk")[:3]]


def desk_session(session: Session, now: datetime) -> DeskSession:
    state = "ahead" if session.starts_at > now else "done" if session.ends_at < now else "now"
    return DeskSession(
        session=session,
        hours=meetings.hours(session.starts_at, session.ends_at),
        detail=counted(session, state),
        state=state,
    )


def counted(session: Session, state: str) -> str:
    """Who came, or who is coming, in a sentence."""
    coming: int = session.coming  # type: ignore[attr-defined]
    asked: int = session.asked  # type: ignore[attr-defined]
    came: int = session.came  # type: ignore[attr-defined]
    marked: int = session.marked  # type: ignore[attr-defined]
    if state == "done" and marked:
        return f"Held; {came} of {marked} came."
    if state == "done":
        return "Over; the register is not taken."
    if not coming and not asked:
        return "Nobody is invited yet."
    if not coming:
        return f"{asked} asked, none answered yet."
    waiting = f", {asked} not answered" if asked else ""
    return f"{coming} coming{waiting}."


def letters_on(person: Person, today: date) -> int:
    """Letters due to leave today that have not been called off."""
    return (
        Message.objects.visible_to(person)
        .filter(
            due_at__gte=start_of(today),
            due_at__lt=start_of(today + timedelta(days=1)),
            state__in=[*Message.OPEN_STATES, Message.State.SENT],
        )
        .count()
    )


def in_placement(person: Person, today: date) -> int:
    """How many leaders are in a school today."""
    placements = Placement.objects.visible_to(person).held_on(today)
    counted = placements.aggregate(people=Count("participation__person", distinct=True))
    return int(counted["people"])


def chips(lines: list[Line], area: str) -> list[Chip]:
    counts = Counter(line.area for line in lines)
    areas = [Chip(name, number, name == area) for name, number in counts.most_common()]
    return [Chip("", len(lines), not area), *areas]


def moment(now: datetime, todays: list[DeskSession], letters: int) -> Moment:
    running = [one.session.title for one in todays if one.state == "now"]
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
    tonight = all(wall(one.session.starts_at).hour >= 16 for one in still)
    return (
        f"{week}. {sessions}, {words.in_words(len(still))} {'tonight' if tonight else 'today'}."
    )
