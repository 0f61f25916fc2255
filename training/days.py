"""Sessions laid out by day: a month of whole weeks, or one week. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dlp import words
from dlp.calendar import bank_holidays, is_school_day, is_working_day, monday_of, months_later
from training.models import Session

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days that a page shows, first and last included, and the days before and after it."""

    first: date
    last: date
    before: date
    after: date
    name: str


@dataclass(frozen=True)
class Day:
    day: date
    sessions: list[Session]
    is_outside: bool
    """Whether it belongs to the month before or after."""
    is_today: bool

    @property
    def note(self) -> str:
        """Why schools are closed; empty on a day on which they are open, and at weekends."""
        if self.day in bank_holidays():
            return bank_holidays()[self.day]
        is_closed = is_working_day(self.day) and not is_school_day(self.day)
        return "School holidays" if is_closed else ""


def month_of(day: date) -> Span:
    """The whole weeks that this day's month touches."""
    first = day.replace(day=1)
    following = months_later(first, 1)
    return Span(
        first=monday_of(first),
        last=monday_of(following - DAY) + 6 * DAY,
        before=months_later(first, -1),
        after=following,
        name=f"{day:%B %Y}",
    )


def week_of(day: date) -> Span:
    first = monday_of(day)
    last = first + 6 * DAY
    return Span(first, last, first - WEEK, first + WEEK, words.span(first, last))


def weeks(
    span: Span, sessions: Iterable[Session], *, today: date, month: int | None
) -> list[list[Day]]:
    """The days of the span in rows of seven, each with its sessions.

    A residential is on all of its days. `month` is the month shown; None if no day counts as
    outside it.
    """
    on: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        day = max(session.starts_on, span.first)
        while day <= min(session.ends_on, span.last):
            on[day].append(session)
            day += DAY
    days = [span.first + DAY * step for step in range((span.last - span.first).days + 1)]
    laid_out = [
        Day(day, on[day], is_outside=month not in (None, day.month), is_today=day == today)
        for day in days
    ]
    return [laid_out[start : start + 7] for start in range(0, len(laid_out), 7)]
