"""What moved in somebody's plan when they returned from a deferral, read from its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.apps import apps

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import in_force
from dlp import words

Kind = ParticipationChange.Kind
CARRIED_OUT_WITHIN = timedelta(days=7)
"""How long after a return is recorded the plan has moved."""


class Return(NamedTuple):
    """The end of a deferral: the days away and back, and when the return was recorded."""

    away_on: date
    back_on: date
    known_on: date


class Snapshot(NamedTuple):
    """How an item was from a moment on."""

    item: int
    title: str
    due_on: date | None
    is_pinned: bool
    at: datetime


class Move(NamedTuple):
    """An item whose day changed at that moment."""

    title: str
    before: date
    after: date

    @property
    def days(self) -> int:
        return (self.after - self.before).days


class Rebase(NamedTuple):
    """What a return did to the days that lay ahead when they went away."""

    away_on: date
    back_on: date
    moved: list[Move]
    stayed: list[str]
    """Titles of items that stayed on their day: pinned, or settled already."""


def moves_of(participation: Participation) -> list[Rebase]:
    """What each return moved, the first one first; returns without effect are left out.

    Two queries.
    """
    history = apps.get_model("cohorts", "PlanItemEvent").objects
    rows = history.filter(participation=participation).order_by("pgh_obj", "pgh_id")
    told = rows.values_list("pgh_obj", "title", "due_on", "is_pinned", "pgh_created_at")
    items = [list(group) for _, group in groupby(map(Snapshot._make, told), lambda one: one.item)]
    found = (rebase_of(one, items) for one in returns_of(participation.changes.all()))
    return [one for one in found if one.moved]


def returns_of(changes: Iterable[ParticipationChange]) -> list[Return]:
    """Every deferral among these changes that has ended."""
    found = []
    away_on = None
    for change in in_force(changes):
        day = change.effective_on
        if change.kind == Kind.DEFERRED:
            away_on = day
        elif change.kind == Kind.RESUMED and away_on:
            found.append(Return(away_on, day, max(day, words.as_day(change.recorded_at))))
            away_on = None
    return found


def rebase_of(back: Return, items: Iterable[Sequence[Snapshot]]) -> Rebase:
    """What one return moved; each item comes as its snapshots in order. Pure."""
    rebase = Rebase(back.away_on, back.back_on, [], [])
    for snapshots in items:
        before, after = _around(back, snapshots)
        if before is None or before.due_on is None or before.due_on < back.away_on:
            continue
        if after and not after.is_pinned and after.due_on and after.due_on != before.due_on:
            rebase.moved.append(Move(after.title, before.due_on, after.due_on))
        else:
            rebase.stayed.append(before.title)
    rebase.moved.sort(key=lambda one: one.before)
    return rebase


def _around(back: Return, snapshots: Sequence[Snapshot]) -> tuple[Snapshot | None, Snapshot | None]:
    """An item before a return was recorded, and after it was applied."""
    until = back.known_on + CARRIED_OUT_WITHIN
    before = [one for one in snapshots if words.as_day(one.at) < back.known_on]
    after = [one for one in snapshots if back.known_on <= words.as_day(one.at) <= until]
    first = before[-1] if before else next(iter(after[:1]), None)
    return first, after[-1] if after else None
