"""One person's bookings as flat rows, from which homes, strips and the arc are drawn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from cohorts.models import Person
from cohorts.models.people import listed_name
from dlp import words
from dlp.http import addresses
from dlp.prepared import SOME_TIME, SOMEBODY, Prepared
from dlp.words import in_words, joined
from training.models import Booking, Kind, Mode, Session
from training.operations.feedback import ASKED_FOR

COLUMNS = (
    "pk",
    "person_id",
    "state",
    "attendance",
    "reply_reason",
    "session_id",
    "session__kind",
    "session__title",
    "session__state",
    "session__mode",
    "session__venue_name",
    "session__venue__school_id",
    "session__starts_at",
    "session__ends_at",
    "session__group__supervisor__full_name",
    "feedback__pk",
)


class Meeting(NamedTuple):
    """A person's place at a session, with everything a row about it shows."""

    pk: int
    person_id: int
    state: str
    attendance: str
    reply_reason: str
    session_id: int
    kind: str
    title: str
    session_state: str
    mode: str
    venue_name: str
    school_id: int | None
    starts_at: datetime
    ends_at: datetime
    supervisor: str | None
    said: int | None
    """The reason they gave with their answer, if any."""
    facilitators: list[dict[str, str]]
    """The names of who leads it; none once it is over."""

    @property
    def leaders(self) -> list[str]:
        """The names of those who lead it, until it is over."""
        if self.supervisor:
            return [self.supervisor]
        return [listed_name(**one) for one in self.facilitators]

    @property
    def session(self) -> Meeting:
        """Itself: templates ask a booking for its session, whose facts are all here."""
        return self

    @property
    def url(self) -> str:
        return addresses("training:session")(self.session_id)

    @property
    def day(self) -> date:
        return words.as_day(self.starts_at)

    @property
    def place(self) -> str:
        if self.mode == Mode.ONLINE:
            return "online"
        return self.venue_name or "place to be confirmed"

    @property
    def hours(self) -> str:
        """16:00–18:00, or the days where it takes several."""
        return hours(self.starts_at, self.ends_at)

    @property
    def can_reply(self) -> bool:
        return self.takes_place and self.starts_at > timezone.now()

    @property
    def takes_place(self) -> bool:
        return self.session_state == Session.State.PUBLISHED

    @property
    def is_live(self) -> bool:
        return self.state in Booking.LIVE_STATES

    @property
    def came(self) -> bool:
        return self.attendance in Booking.CAME

    @property
    def asks_how_it_was(self) -> bool:
        """Whether they came, it is over, and they can still give feedback."""
        ended = timezone.now() - self.ends_at
        is_asked = self.came and self.takes_place and self.kind != Kind.SUPERVISION
        return is_asked and self.said is None and timedelta() < ended <= ASKED_FOR

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def answer(self) -> str:
        return Booking.State(self.state).label

    @property
    def mark(self) -> str:
        return Booking.Attendance(self.attendance).label if self.attendance else ""


def hours(starts_at: datetime, ends_at: datetime) -> str:
    if words.as_day(starts_at) != words.as_day(ends_at):
        return words.span(starts_at, ends_at)
    return f"{words.clock(starts_at)}{words.EN_DASH}{words.clock(ends_at)}"


def read(person: Person) -> list[Meeting]:
    """Every session somebody was invited to, by start: for them and for staff. One query."""
    rows = _question().rows({SOMEBODY: person.pk, SOME_TIME: timezone.now()})
    return [Meeting(*row)._replace(facilitators=_told(row[-1])) for row in rows]


def _told(names: list[str] | None) -> list[dict[str, str]]:
    """Names, decoded from JSON."""
    return [json.loads(one) for one in names or ()]


@cache
def _question() -> Prepared:
    names = JSONObject(full_name="full_name", known_as="known_as")
    facilitators = Person.objects.get_queryset().filter(facilitated_sessions=OuterRef("session_id"))
    ahead = When(
        session__ends_at__gte=SOME_TIME, then=ArraySubquery(facilitators.values_list(names))
    )
    rows = Booking.objects.filter(person=SOMEBODY).order_by("session__starts_at", "session_id")
    return Prepared(rows.values_list(*COLUMNS, Case(ahead)))


def coming(meetings: Iterable[Meeting], now: datetime | None = None) -> list[Meeting]:
    """Those that will take place and are not over, answered or not, the soonest first."""
    moment = now or timezone.now()
    answers = {*Booking.LIVE_STATES, Booking.State.NOT_COMING}
    return [
        one
        for one in meetings
        if one.takes_place and one.ends_at >= moment and one.state in answers
    ]


def held(meetings: Iterable[Meeting], now: datetime | None = None) -> list[Meeting]:
    """Those that are over and have a mark, the oldest first."""
    moment = now or timezone.now()
    return [one for one in meetings if one.attendance and one.ends_at < moment]


SHOWN_HELD = 20
SHOWN_AHEAD = 5


def marks(
    meetings: Iterable[Meeting], *, past: int = SHOWN_HELD, ahead: int = SHOWN_AHEAD
) -> list[str]:
    """The marks of a strip: the last ones held, then an empty one for each that is next."""
    known = list(meetings)
    done = [one.attendance for one in held(known)]
    live = [one for one in coming(known) if one.is_live]
    return [*done[-past:], *([""] * len(live[:ahead]))]


def tally(meetings: Iterable[Meeting]) -> Counter[str]:
    """How many sessions have each mark."""
    return Counter(one.attendance for one in held(meetings))


def tally_words(meetings: Iterable[Meeting]) -> str:
    """22 held: you came to 20 on time, came late to one and missed one. Drawn are the last 20."""
    counts = tally(meetings)
    total = sum(counts.values())
    if not total:
        return ""
    on_time = counts["present"] + counts["online"]
    said = [
        (on_time, "came to {} on time"),
        (counts["late"], "came late to {}"),
        (counts["left_early"], "left {} early"),
        (counts["excused"], "were excused from {}"),
        (counts["absent"], "missed {}"),
    ]
    parts = [
        phrase.format("it" if total == 1 else in_words(number)) for number, phrase in said if number
    ]
    drawn = f" Drawn are the last {SHOWN_HELD}." if total > SHOWN_HELD else ""
    return f"{total} held: you {joined(parts)}.{drawn}"
