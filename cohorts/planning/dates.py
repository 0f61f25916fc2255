"""When an item of a plan is due for somebody. Pure: the facts of their two years come in as dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from cohorts.models import TemplateItem
from dlp.calendar import (
    school_day_on_or_before,
    school_days_later,
    term_start,
    working_day_on_or_before,
    years_later,
)

Anchor = TemplateItem.Anchor
Unit = TemplateItem.Unit
IN_SCHOOL = (Anchor.PLACEMENT_START, Anchor.TERM_START)
"""What is counted from these happens in school, and so on a school day."""


class Rule(NamedTuple):
    """How a template says when."""

    anchor: str
    anchor_term: int | None
    offset: int
    unit: str


class Absence(NamedTuple):
    """A deferral that is over: the first day away, and the day on which they were back."""

    away_on: date
    back_on: date


class Anchors(NamedTuple):
    """The days of somebody's two years from which a plan counts."""

    starts_on: date
    joined_on: date
    ends_on: date
    placement_on: date | None = None
    absences: tuple[Absence, ...] = ()


def due_on(item: TemplateItem, anchors: Anchors) -> date | None:
    """The day by which this is due, or None while nobody knows the day it counts from.

    Every deferral moves what lay ahead when it began by its days. Nothing is due before they joined
    or after the expected end, and a weekend or holiday moves the day earlier.
    """
    return _due_on(Rule(item.anchor, item.anchor_term, item.offset, item.unit), anchors)


@lru_cache(maxsize=10_000)
def _due_on(rule: Rule, anchors: Anchors) -> date | None:
    """The people of a cohort mostly share their days, so each is counted out once."""
    start = _anchor_day(rule, anchors)
    if start is None:
        return None
    counted_on = start if rule.anchor == Anchor.PLACEMENT_START else date.min
    day = _after(start, rule.offset, rule.unit)
    for absence in anchors.absences:
        if absence.away_on >= counted_on and day >= absence.away_on:
            day += absence.back_on - absence.away_on
    day = min(day, anchors.ends_on)
    day = school_day_on_or_before(day) if _is_in_school(rule) else working_day_on_or_before(day)
    return max(day, anchors.joined_on) if anchors.joined_on > anchors.starts_on else day


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
    if unit == Unit.TERM:
        return term_start(day, offset + 1) if offset else day
    return day + timedelta(weeks=offset) if unit == Unit.WEEK else day + timedelta(days=offset)
