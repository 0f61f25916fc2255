"""What staff should know about a session's time while planning: warnings, never refusals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, time, timedelta

from django.db.models import Q

from cohorts.models import Person
from dlp.calendar import bank_holidays, is_school_day, is_working_day
from placements.models import School
from training import closed_schools, planning_clashes
from training.models import Kind, Session, Venue
from training.planning_clashes import Asked, Times, times_of

EARLIEST_TWILIGHT = time(15, 45)
LATEST_TWILIGHT = time(18, 30)


def warnings(
    *, kind: str, starts_on: date, starts_time: time, ends_on: date, ends_time: time
) -> list[str]:
    """Sentences about a session's days and times; none if nothing stands out (R-EVT-02)."""
    found = [*_days(kind, starts_on, ends_on)]
    if kind == Kind.TWILIGHT:
        if starts_time < EARLIEST_TWILIGHT:
            found.append("It starts before 15:45, while most schools are still teaching.")
        if ends_time > LATEST_TWILIGHT:
            found.append("It ends after 18:30, which is late for a twilight.")
    return found


def warnings_about(session: Session) -> list[str]:
    """Warnings about a future session, including schools that are closed.

    For a draft, also who has something else then; once it is published, people are told as they
    answer.
    """
    planned, asked = [times_of(session)], planning_clashes.asked_to(session)
    said = _of_days(session.kind, planned, asked, session.venue)
    if session.state != Session.State.DRAFT:
        return said
    return [*said, *planning_clashes.says(planned, asked, besides=[session.pk])]


def warnings_about_asking(session: Session, people: Sequence[Person]) -> list[str]:
    """What else these people have at the time of a session, and which of their schools are closed."""
    planned, asked = [times_of(session)], Q(pk__in=[one.pk for one in people])
    return [
        *closed_schools.says(planned, asked, None),
        *planning_clashes.says(planned, asked, besides=[session.pk]),
    ]


def second_look(
    kind: str,
    planned: Sequence[Times],
    asked: Asked,
    *,
    besides: Collection[int] = (),
    place: Venue | School | None = None,
) -> list[str]:
    """All warnings about sessions that are planned together, each said once."""
    said = _of_days(kind, planned, asked, place)
    return [*said, *planning_clashes.says(planned, asked, besides=besides)]


def _of_days(
    kind: str, planned: Sequence[Times], asked: Asked, place: Venue | School | None
) -> list[str]:
    """Warnings about days and times, and about schools closed on them."""
    said = dict.fromkeys(
        sentence for one in planned for sentence in warnings(kind=kind, **one._asdict())
    )
    return [*said, *closed_schools.says(planned, asked, place)]


def _days(kind: str, first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        if day in bank_holidays():
            yield f"{day:%A %-d %B} is a bank holiday: {bank_holidays()[day]}."
        elif day.weekday() >= 5 and kind != Kind.RESIDENTIAL:
            yield f"{day:%-d %B} is a {day:%A}."
        elif kind != Kind.RESIDENTIAL and is_working_day(day) and not is_school_day(day):
            yield f"{day:%A %-d %B} is in the holidays of most schools."
        day += timedelta(days=1)
