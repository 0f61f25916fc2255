"""What a version of a plan changes in somebody's plan. Pure: the same code previews and applies it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from cohorts.models import PlanItem, TemplateItem
from cohorts.planning.dates import Anchors, due_on

State = PlanItem.State
SETTLED = frozenset({State.MET, *PlanItem.EXCUSED_STATES})
SAID = ("title", "requirement_id", "is_optional", "position")


class Change(NamedTuple):
    """An item that somebody has, and what a version replaces it with."""

    item: PlanItem
    rule: TemplateItem
    due_on: date | None

    @property
    def moves(self) -> bool:
        return self.item.due_on != self.due_on

    @property
    def says_else(self) -> bool:
        return any(getattr(self.item, name) != getattr(self.rule, name) for name in SAID)

    def written(self) -> PlanItem:
        """The item as in the version, not saved; a day set by hand stays."""
        if not self.item.is_pinned:
            self.item.due_on = self.due_on
        self.item.template_id = self.rule.template_id
        for name in SAID:
            setattr(self.item, name, getattr(self.rule, name))
        return self.item


class Outcome(NamedTuple):
    """What changes in one plan. Items that stay as they are appear in none of the lists."""

    added: list[PlanItem]
    moved: list[Change]
    reworded: list[Change]
    """Items that keep their day and change otherwise."""
    pinned: list[Change]
    """Items that would move if their day were not set by hand."""
    settled: list[Change]
    """Items that would move if they were not met or excused."""
    dropped: list[PlanItem]
    """Items that the version no longer has, and that nobody has begun."""
    kept: list[PlanItem]
    """Items that the version no longer has, kept because they were begun or pinned."""


class Tally(NamedTuple):
    """How many items change in which way, over any number of plans."""

    added: int
    moved: int
    reworded: int
    pinned: int
    settled: int
    dropped: int
    kept: int

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.moved or self.reworded or self.dropped)


def outcome_of(
    participation: int, items: Iterable[PlanItem], rules: Iterable[TemplateItem], anchors: Anchors
) -> Outcome:
    """What these rules change in somebody's items; the items themselves are not modified."""
    had = {item.key: item for item in items}
    outcome = Outcome([], [], [], [], [], [], [])
    for rule in rules:
        day = due_on(rule, anchors)
        if rule.key not in had:
            outcome.added.append(_item(participation, rule, day))
            continue
        change = Change(had.pop(rule.key), rule, day)
        if (told := _list_for(change, outcome)) is not None:
            told.append(change)
    for item in had.values():
        is_begun = item.state != State.NOT_STARTED or item.is_pinned
        (outcome.kept if is_begun else outcome.dropped).append(item)
    return outcome


def tally(outcomes: Iterable[Outcome]) -> Tally:
    told = list(outcomes)
    return Tally(
        *(sum(len(outcome[place]) for outcome in told) for place in range(len(Tally._fields)))
    )


def _list_for(change: Change, outcome: Outcome) -> list[Change] | None:
    if change.item.state in SETTLED:
        return outcome.settled if change.moves else None
    if change.moves:
        return outcome.pinned if change.item.is_pinned else outcome.moved
    return outcome.reworded if change.says_else else None


def _item(participation: int, rule: TemplateItem, day: date | None) -> PlanItem:
    return PlanItem(
        participation_id=participation,
        template_id=rule.template_id,
        key=rule.key,
        due_on=day,
        **{name: getattr(rule, name) for name in SAID},
    )
