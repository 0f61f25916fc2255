"""What pages about plans show: one person's plan, and the effect of a version on a cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from cohorts.models import Participation, Person, PlanItem
from cohorts.permissions import is_staff
from cohorts.planning.versions import Change, Outcome
from dlp import words

State = PlanItem.State


class Row(NamedTuple):
    """An item of one person's plan."""

    item: PlanItem
    overdue_days: int
    confirmed: str
    """Who says so, and since when; empty if nothing has been reported."""


class Effect(NamedTuple):
    """What a version does with one item, and for which people."""

    title: str
    what: str
    names: list[str]


class Told(NamedTuple):
    """How far somebody is with their plan."""

    done: int
    of: int
    overdue: int


def page_of_item(pk: int, viewer: Person) -> str | None:
    """The page of what was recorded on an item by hand; None for viewers who may not see it."""
    item = PlanItem.objects.visible_to(viewer).filter(pk=pk).first() if is_staff(viewer) else None
    return item.get_absolute_url() if item else None


def rows_of(viewer: Person, participation: Participation, today: date) -> list[Row]:
    """Somebody's plan in the order in which it falls due. One query."""
    items = PlanItem.objects.visible_to(viewer).filter(participation=participation)
    return [row_of(item, today) for item in items.for_display()]


def row_of(item: PlanItem, today: date) -> Row:
    return Row(item, item.days_overdue(today), confirmed(item))


def told(rows: Iterable[Row]) -> Told:
    asked = [
        row for row in rows if not row.item.is_optional and row.item.state != State.NOT_APPLICABLE
    ]
    done = sum(row.item.state in PlanItem.DONE_STATES for row in asked)
    return Told(done, len(asked), sum(bool(row.overdue_days) for row in asked))


def confirmed(item: PlanItem) -> str:
    """On 12 October 2026; Lena Hart, 13 October 2026."""
    if item.excused_at:
        return f"{item.excused_by}, {words.plain_day(item.excused_at)}"
    if item.attempt is None:
        return ""
    who = item.attempt.reported_by or "Recorded"
    return f"{who}, {words.plain_day(item.attempt.recorded_at)}"


def effects_of(outcomes: dict[int, Outcome], names: dict[int, str]) -> list[Effect]:
    """What changes for whom, the items that move the furthest first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pk, outcome in outcomes.items():
        for title, what in _told_of(outcome):
            found[title, what].append(names[pk])
    return [Effect(title, what, sorted(people)) for (title, what), people in found.items()]


def _told_of(outcome: Outcome) -> Iterable[tuple[str, str]]:
    for change in outcome.moved:
        yield change.rule.title, _move(change)
    for change in outcome.pinned:
        yield change.rule.title, "stays on the day set by hand"
    for change in outcome.settled:
        yield change.rule.title, "stays, met or excused already"
    for change in outcome.reworded:
        yield change.rule.title, "is worded anew, on the same day"
    for item in outcome.added:
        yield (
            item.title,
            "is new" if item.due_on is None else f"is new, {words.plain_day(item.due_on)}",
        )
    for item in outcome.dropped:
        yield item.title, "goes: nobody has begun it"
    for item in outcome.kept:
        yield item.title, "stays though the version has it no more: it was begun"


def _move(change: Change) -> str:
    if change.due_on is None:
        return "has no day until the placement begins"
    if change.item.due_on is None:
        return f"falls on {words.plain_day(change.due_on)}"
    days = (change.due_on - change.item.due_on).days
    way = "later" if days > 0 else "earlier"
    return f"moves {words.rough_length(abs(days))} {way}, to {words.plain_day(change.due_on)}"
