"""What planning did, in words: how many letters, how many of them soon, and examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from dlp import words
from dlp.outbox import names
from dlp.outbox.names import Key
from dlp.outbox.plans.planning import Changes, Step, What

if TYPE_CHECKING:
    from cohorts.models import Person

SOON = timedelta(hours=1)
SHOWN = 6


class Shift(NamedTuple):
    """One letter about one subject: its old and new time; None means not at all."""

    subject: Key
    was_due_at: datetime | None
    due_at: datetime | None

    @property
    def first(self) -> datetime:
        return min(moment for moment in (self.was_due_at, self.due_at) if moment)


@dataclass(frozen=True)
class Example:
    """Letters about one subject that shift in the same way."""

    name: str
    url: str
    people: int
    shift: Shift

    @property
    def words(self) -> str:
        was, now = self.shift.was_due_at, self.shift.due_at
        one = self.people == 1
        who = words.count(self.people, "person", "people")
        if now is None and was is not None:
            return f"{who} {'does' if one else 'do'} not get the one of {words.moment(was)}."
        gets = f"{who} {'gets' if one else 'get'} it on {words.moment(now)}" if now else ""
        return f"{gets} instead of {words.moment(was)}." if was else f"{gets}."


@dataclass(frozen=True)
class Outcome:
    """How many letters are planned, move or are cancelled, and how many leave within the hour."""

    planned: int
    moved: int
    called_off: int
    soon: int
    examples: list[Example]
    others: int

    @property
    def changes_nothing(self) -> bool:
        return not (self.planned or self.moved or self.called_off)

    def said(self) -> str:
        """12 letters planned, 3 moved and 1 called off."""
        parts = ((self.planned, "planned"), (self.moved, "moved"), (self.called_off, "called off"))
        told = [f"{number} {what}" for number, what in parts if number]
        if not told:
            return "No letter changes."
        number, _, rest = told[0].partition(" ")
        letters = words.count(int(number), "letter")
        return f"{words.joined([f'{letters} {rest}', *told[1:]])}."


def outcome_of(changes: Changes, *, viewer: Person, now: datetime) -> Outcome:
    """Sum up what planning did, with the first examples. One query per kind of subject."""
    shifts = list(_shifts(changes))
    people = Counter(shifts)
    first = sorted(people, key=lambda shift: (shift.first, shift.subject))
    named = names.of(viewer, [shift.subject for shift in first[:SHOWN]])
    examples = [
        Example(named[shift.subject].words, named[shift.subject].url, people[shift], shift)
        for shift in first[:SHOWN]
        if shift.subject in named
    ]
    planned = sum(shift.was_due_at is None for shift in shifts)
    called_off = sum(shift.due_at is None for shift in shifts)
    return Outcome(
        planned=planned,
        moved=len(shifts) - planned - called_off,
        called_off=called_off,
        soon=sum(shift.due_at is not None and shift.due_at <= now + SOON for shift in shifts),
        examples=examples,
        others=len(people) - len(examples),
    )


def _shifts(changes: Changes) -> Iterator[Shift]:
    """A letter cancelled and one planned for the same person and subject count as one moved.

    If only the time for which it is useful changes, it is left out.
    """
    by_reader: dict[tuple[Key, int | None, str], list[Step]] = defaultdict(list)
    for step in changes.steps:
        if step.was_due_at != step.due_at:
            by_reader[step.subject, step.person_id, step.kind].append(step)
    for (subject, _, _), steps in by_reader.items():
        off = [step for step in steps if step.what == What.CALLED_OFF]
        new = [step for step in steps if step.what == What.PLANNED]
        if len(off) == len(new) == 1:
            yield Shift(subject, off[0].was_due_at, new[0].due_at)
            steps = [step for step in steps if step not in (off[0], new[0])]
        yield from (Shift(subject, step.was_due_at, step.due_at) for step in steps)
