"""When placed leaders are out of school for the programme, as far as the school may know.

Only times: a supervision session is a "Meeting", anything else "Programme".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from dlp.calendar import instant_or_nearest, is_working_day, wall
from dlp.prepared import ANOTHER_TIME, SOME_TIME, SOMEBODY, Prepared
from dlp.words import EN_DASH
from training.models import Booking, Kind, Mode, Session

SCHOOL_ENDS = time(15, 30)
A_MEETING = timedelta(hours=2)
"""An online session this short is attended from a quiet room in school."""


@dataclass(frozen=True)
class DayOut:
    """One day of one session for one person, in local times."""

    person_id: int
    day: date
    from_time: time
    until_time: time
    all_day: bool
    online: bool
    title: str

    @property
    def counts(self) -> bool:
        """Whether the school is without them: on a working day, and not only after school."""
        return is_working_day(self.day) and (self.all_day or self.from_time < SCHOOL_ENDS)

    @property
    def in_school(self) -> bool:
        """Whether they are busy but in the building: a meeting online."""
        first, last = (datetime.combine(self.day, at) for at in (self.from_time, self.until_time))
        return self.counts and self.online and last - first <= A_MEETING

    @property
    def takes_out(self) -> bool:
        """Whether they are out of school, and not only in a meeting there."""
        return self.counts and not self.in_school

    @property
    def hours(self) -> str:
        """all day, from 14:00, until 12:00, or 12:30–13:30"""
        if self.all_day:
            return "all day"
        if self.until_time == time.max:
            return f"from {self.from_time:%H:%M}"
        if self.from_time == time.min:
            return f"until {self.until_time:%H:%M}"
        return f"{self.from_time:%H:%M}{EN_DASH}{self.until_time:%H:%M}"


def days_out(person_ids: Collection[int], first: date, last: date) -> list[DayOut]:
    """Days from `first` to `last`, both included, in order. One query for any number of people.

    Published sessions that the person has not declined; without days on which the register says
    absent or excused.
    """
    if not person_ids:
        return []
    bookings = _bookings().rows(
        {
            SOMEBODY: list(person_ids),
            SOME_TIME: instant_or_nearest(first, time.min),
            ANOTHER_TIME: instant_or_nearest(last + timedelta(days=1), time.min),
        }
    )
    return [
        day_out
        for person_id, kind, mode, starts_at, ends_at in bookings
        for day_out in days_of(person_id, kind, mode, wall(starts_at), wall(ends_at))
        if first <= day_out.day <= last
    ]


@cache
def _bookings() -> Prepared:
    """The sessions that people are expected at between two moments."""
    away = (Booking.Attendance.ABSENT, Booking.Attendance.EXCUSED)
    return Prepared(
        Booking.objects.live()
        .filter(
            person__in=[SOMEBODY],
            session__state=Session.State.PUBLISHED,
            session__starts_at__lt=ANOTHER_TIME,
            session__ends_at__gt=SOME_TIME,
        )
        .exclude(attendance__in=away)
        .order_by("session__starts_at", "person_id", "session_id")
        .values_list(
            "person_id", "session__kind", "session__mode", "session__starts_at", "session__ends_at"
        )
    )


class TimeOut(NamedTuple):
    """How much a school is without somebody."""

    days: int
    """School days on which they are out; two sessions on one day are one day."""
    meetings: int
    """Meetings in the school day for which they stay in school."""


def time_out(days: Collection[DayOut]) -> TimeOut:
    return TimeOut(
        days=len({(one.person_id, one.day) for one in days if one.takes_out}),
        meetings=sum(one.in_school for one in days),
    )


def days_of(
    person_id: int, kind: str, mode: str, starts_at: datetime, ends_at: datetime
) -> Iterator[DayOut]:
    """The days of one session for one person, from its local times."""
    day = starts_at.date()
    while day <= ends_at.date():
        begins_here, ends_here = day == starts_at.date(), day == ends_at.date()
        yield DayOut(
            person_id=person_id,
            day=day,
            from_time=starts_at.time() if begins_here else time.min,
            until_time=ends_at.time() if ends_here else time.max,
            all_day=not (begins_here or ends_here),
            online=mode == Mode.ONLINE,
            title="Meeting" if kind == Kind.SUPERVISION else "Programme",
        )
        day += timedelta(days=1)
