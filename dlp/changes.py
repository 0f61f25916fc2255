"""Whether anything of the programme has changed: the tables that are only added to tell by their last row."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import cache
from typing import Generic, TypeVar

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import Model, TextField
from django.db.models.expressions import RawSQL

T = TypeVar("T")
MOST_KEPT = 16


class Kept(Generic[T]):
    """Answers that this process keeps while the marks are the same: a minute at most.

    For what is costly to find and the same for everybody who asks. It reads nothing that leaves no
    row in a history, unless it may be told a minute late.
    """

    def __init__(self) -> None:
        self._known: tuple[tuple[str, int], dict[Hashable, T]] = (("", 0), {})

    def answer(self, question: Hashable, as_of: str, find: Callable[[], T]) -> T:
        """What was found for this question, or `find()`. `as_of` are the marks of this moment."""
        moment, known = (as_of, int(time.time()) // 60), self._known
        if known[0] != moment or len(known[1]) >= MOST_KEPT:
            known = self._known = (moment, {})
        _, answers = known
        if question not in answers:
            answers[question] = find()
        return answers[question]


class Marks(RawSQL):
    """A column: the last row of every history and every list of steps, from indexes alone.

    The same marks mean that nothing which is kept there has changed. A transaction that began
    earlier and ends later may be missed until the next one ends.
    """

    def __init__(self) -> None:
        super().__init__(_sql(), [], TextField())


def marks() -> str:
    """The marks of this moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_sql()}")  # noqa: S608
        (found,) = cursor.fetchone()
    return str(found)


def is_only_added_to(model: type[Model]) -> bool:
    """Whether rows of this model are never altered: a history, or one that a trigger protects."""
    protects = (isinstance(one, pgtrigger.Protect) for one in getattr(model._meta, "triggers", ()))
    return hasattr(model, "pgh_tracked_model") or any(protects)


@cache
def _sql() -> str:
    name = connection.ops.quote_name
    lasts = (
        f"(SELECT max({name(str(model._meta.pk.column))}) FROM {name(model._meta.db_table)})"  # noqa: S608
        for model in apps.get_models()
        if is_only_added_to(model) and model._meta.managed
    )
    return f"CAST(ARRAY[{', '.join(lasts)}] AS text)"
