"""Whether anything of the programme has changed: the tables that are only added to tell by their last row."""

from __future__ import annotations

from functools import cache

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import Model, TextField
from django.db.models.expressions import RawSQL


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
