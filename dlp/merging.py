"""Two records of one person become one: what becomes of every row that names the one that goes.

Apps say it of each of their columns in `AppConfig.ready`, and a test finds every column that names a
person and fails where nobody has. The record that goes stays as a shell, so what is never rewritten
goes on naming it: histories, rows that are only added, and who did something.
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
    """The record that stays, and the one whose rows are brought to it."""

    kept: Person
    gone: Person


def no_problem(pair: Pair) -> list[str]:
    return []


@dataclass(frozen=True)
class Handler:
    """What becomes of the rows that name somebody in one column, such as "training.Booking.person".

    They move to the record that stays, or as `move` says; with `stays`, which says why, they do not.
    `one` and `many` name them to whoever looks before; `problems` are sentences that forbid it all.
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
    """Say what becomes of these columns; again changes nothing."""
    _handlers.update({one.column: one for one in handlers})


def drop(column: str) -> Handler:
    """For rows that are of no use once the record is gone."""
    handler = Handler(column)
    return Handler(column, move=lambda pair: _delete(handler.rows(pair.gone)))


def is_said(model: type[Model], field: Field) -> bool:
    """Whether it is known what becomes of a column. Histories, and who did something, always stay."""
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
    """Why these two cannot become one, each in a sentence; none where they can."""
    return [sentence for one in _all() for sentence in one.problems(pair)]


def move_all(pair: Pair) -> None:
    """Bring every row to the record that stays. The order is always the same; again moves nothing."""
    for one in _all():
        one.carry_out(pair)


def _all() -> list[Handler]:
    return [_handlers[column] for column in sorted(_handlers)]


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()
