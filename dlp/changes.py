"""A cheap check whether anything has changed, and a cache that relies on it.

Every change leaves a row in a history table or in another append-only table, so the last keys of
those tables, called marks, tell whether anything has changed.
"""

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
    """A per-process cache, valid while the marks stay the same and for a minute at most.

    For answers that are costly and the same for everybody who asks. They may only depend on data
    whose changes reach a history table, unless they may be a minute old.
    """

    def __init__(self) -> None:
        self._known: tuple[tuple[str, int], dict[Hashable, T]] = (("", 0), {})

    def answer(self, question: Hashable, as_of: str, find: Callable[[], T]) -> T:
        """The cached answer to this question, else `find()`. `as_of` are the current marks."""
        moment, known = (as_of, int(time.time()) // 60), self._known
        if known[0] != moment or len(known[1]) >= MOST_KEPT:
            known = self._known = (moment, {})
        _, answers = known
        if question not in answers:
            answers[question] = find()
        return answers[question]


class Marks(RawSQL):
    """An SQL column with the last key of every append-only table, read from indexes alone.

    Equal marks mean that nothing recorded there has changed. A transaction that began earlier and
    commits later may be missed until the next one commits.
    """

    def __init__(self) -> None:
        super().__init__(_sql(), [], TextField())


def marks() -> str:
    """The current marks. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_sql()}")  # noqa: S608
        (found,) = cursor.fetchone()
    return str(found)


def is_only_added_to(model: type[Model]) -> bool:
    """Whether a model is append-only: a history table, or protected by a trigger."""
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
