"""When a plan item is due for somebody. Pure: it takes the dates of their two years as arguments."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import count, islice
from typing import NamedTuple

from cohorts.models import TemplateItem
from dlp.calendar import (
    school_day_on_or_before,
    school_days_later,
    season_start,
    term_end,
    term_start,
    working_day_on_or_before,
    years_later,
)

Anchor = TemplateItem.Anchor
Unit = TemplateItem.Unit
IN_SCHOOL = (Anchor.PLACEMENT_START, Anchor.TERM_START)
"""Anchors from which days are counted in school days."""
LEAST_OF_A_TERM = timedelta(weeks=6)
"""If less than this is left of a term, it does not count as one."""


class Rule(NamedTuple):
    """How a template defines a day."""

    anchor: str
    anchor_season: str
    anchor_term: int | None
    offset: int
    unit: str


class Absence(NamedTuple):
    """A finished deferral: the first day away, and the day of return."""

    away_on: date
    back_on: date

    def covers(self, day: date) -> bool:
        return self.away_on <= day < self.back_on


class Anchors(NamedTuple):
    """The days of somebody's two years that a plan counts from."""

    starts_on: date
    joined_on: date
    ends_on: date
    placement_on: date | None = None
    absences: tuple[Absence, ...] = ()


def due_on(item: TemplateItem, anchors: Anchors) -> date | None:
    """The day on which this is due, or None while the day it counts from is unknown.

    Each deferral moves the days that lay ahead when it began by its length. An item tied to a
    season waits for the next year instead, and only if it falls into the deferral. Nothing is due
    before they joined or after the expected end, and a day on a weekend or holiday moves to an
    earlier one.
    """
    rule = Rule(item.anchor, item.anchor_season, item.anchor_term, item.offset, item.unit)
    return _due_on(rule, anchors)


@lru_cache(maxsize=10_000)
def _due_on(rule: Rule, anchors: Anchors) -> date | None:
    """Cached, because most people of a cohort share their days."""
    day = _in_season(rule, anchors) if rule.anchor_season else _counted(rule, anchors)
    if day is None:
        return None
    day = min(day, anchors.ends_on)
    day = school_day_on_or_before(day) if _is_in_school(rule) else working_day_on_or_before(day)
    return max(day, anchors.joined_on) if anchors.joined_on > anchors.starts_on else day


def _counted(rule: Rule, anchors: Anchors) -> date | None:
    start = _anchor_day(rule, anchors)
    if start is None:
        return None
    counted_on = start if rule.anchor == Anchor.PLACEMENT_START else date.min
    day = _after(start, rule.offset, rule.unit)
    for absence in anchors.absences:
        if absence.away_on >= counted_on and day >= absence.away_on:
            day += absence.back_on - absence.away_on
    return day


def _in_season(rule: Rule, anchors: Anchors) -> date:
    """In their first, second … term of that season, not counting terms they are away from."""
    first = anchors.starts_on
    starts = (season_start(first, rule.anchor_season, turn) for turn in count(1))
    days = (max(first, _after(start, rule.offset, rule.unit)) for start in starts)
    here = (day for day in days if not any(one.covers(day) for one in anchors.absences))
    return next(islice(here, (rule.anchor_term or 1) - 1, None))


def _anchor_day(rule: Rule, anchors: Anchors) -> date | None:
    if rule.anchor == Anchor.PLACEMENT_START:
        return anchors.placement_on
    if rule.anchor == Anchor.YEAR2_START:
        return years_later(anchors.starts_on, 1)
    if rule.anchor == Anchor.TERM_START:
        return max(anchors.starts_on, term_start(anchors.starts_on, rule.anchor_term or 1))
    return anchors.starts_on


def _is_in_school(rule: Rule) -> bool:
    return rule.anchor in IN_SCHOOL or rule.unit == Unit.SCHOOL_DAY


def _after(day: date, offset: int, unit: str) -> date:
    if unit == Unit.SCHOOL_DAY:
        return school_days_later(day, offset)
    if unit == Unit.TERM and offset:
        return _terms_later(day, offset)
    return day + timedelta(weeks=offset) if unit == Unit.WEEK else day + timedelta(days=offset)


def _terms_later(day: date, number: int) -> date:
    """The end of the term that many terms on, counting the current one; for "before", its start."""
    if number < 0:
        return term_start(day, number + 1)
    is_nearly_over = term_end(day, 1) - day < LEAST_OF_A_TERM
    return term_end(day, number + is_nearly_over)
