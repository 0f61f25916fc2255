"""Merging two records of one person: what happens to each row that refers to the one that goes.

Apps register a handler for each column in `AppConfig.ready`; a test finds columns that refer to a
person and have none. The record that goes stays as a shell, so that what is never altered can go on
referring to it: history, append-only rows, and who did something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db.models import Count, Field, Model, QuerySet, Value

from dlp import words

if TYPE_CHECKING:
    from cohorts.models import Person


class Pair(NamedTuple):
    """The record that stays, and the one whose rows are moved to it."""

    kept: Person
    gone: Person


def no_problem(pair: Pair) -> list[str]:
    return []


@dataclass(frozen=True)
class Handler:
    """What happens to rows that refer to a person in one column, such as "training.Booking.person".

    They move to the record that stays, or as `move` does it; with `stays`, a reason, they do not
    move. `one` and `many` are their names on the page before a merge; `problems` are sentences that
    forbid it.
    """

    column: str
    one: str = ""
    many: str = ""
    move: Callable[[Pair], None] | None = None
    problems: Callable[[Pair], list[str]] = no_problem
    stays: str = ""

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.column.rpartition(".")[0])

    @property
    def field(self) -> str:
        return self.column.rpartition(".")[2]

    def rows(self, person: Person) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{self.field: person}).order_by()

    def carry_out(self, pair: Pair) -> None:
        if self.move is not None:
            self.move(pair)
        elif not self.stays:
            self.rows(pair.gone).update(**{self.field: pair.kept})


class Moving(NamedTuple):
    """So many rows of one sort that move: 3 sessions."""

    column: str
    number: int
    said: str


_handlers: dict[str, Handler] = {}


def register(*handlers: Handler) -> None:
    """Add these handlers. Repeating it changes nothing."""
    _handlers.update({one.column: one for one in handlers})


def drop(column: str) -> Handler:
    """A handler for rows that are useless once the record is gone."""
    handler = Handler(column)
    return Handler(column, move=lambda pair: _delete(handler.rows(pair.gone)))


def is_said(model: type[Model], field: Field) -> bool:
    """Whether a column has a handler. History, and columns for who did something, need none."""
    is_history = hasattr(model, "pgh_tracked_model") or model._meta.app_label == "pghistory"
    is_author = field.name == "by" or field.name.endswith("_by")
    return is_history or is_author or f"{model._meta.label}.{field.name}" in _handlers


def moving(pair: Pair) -> list[Moving]:
    """What would move, counted in one query."""
    told = [one for one in _all() if one.one]
    first, *others = (
        one.rows(pair.gone)
        .annotate(which=Value(place))
        .values("which")
        .annotate(number=Count("*"))
        .values_list("which", "number")
        for place, one in enumerate(told)
    )
    return [
        Moving(told[place].column, number, words.count(number, told[place].one, told[place].many))
        for place, number in sorted(first.union(*others, all=True))
        if number
    ]


def problems(pair: Pair) -> list[str]:
    """Why these two cannot be merged, a sentence for each reason."""
    return [sentence for one in _all() for sentence in one.problems(pair)]


def move_all(pair: Pair) -> None:
    """Move every row to the record that stays, always in the same order. Safe to repeat."""
    for one in _all():
        one.carry_out(pair)


def _all() -> list[Handler]:
    return [_handlers[column] for column in sorted(_handlers)]


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()
