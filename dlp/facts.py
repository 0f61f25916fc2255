"""Rows of several tables from one query, each told as the facts that were asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

SOMEBODY = -(2**62)
SOME_TIME = datetime.min.replace(tzinfo=UTC)


class Question:
    """Rows of several tables in one query, put together once and asked again and again.

    Each part's rows come in the order of their queryset. What a part says of whoever asks, or of
    the moment, may be a stand-in that `answer` puts something else for; for one in a list, a list.
    """

    def __init__(self, parts: Sequence[tuple[QuerySet[Any], JSONObject]]) -> None:
        self._parts = len(parts)
        first, *others = (
            rows.values_list(Value(number), facts) for number, (rows, facts) in enumerate(parts)
        )
        question = first.union(*others, all=True).query
        self._sql = connection.ops.compose_sql(*question.sql_with_params())  # type: ignore[attr-defined]

    def answer(self, instead: Mapping[Any, Any] | None = None) -> list[list[SimpleNamespace]]:
        """The rows of each part. A fact named `…_on` is a date on its row, one named `…_at` an instant."""
        sql = self._sql
        for stand_in, meant in (instead or {}).items():
            several = meant if isinstance(meant, list) else [meant]
            sql = sql.replace(_literal(stand_in), ", ".join(map(_literal, several)))
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found = sorted(cursor.fetchall(), key=itemgetter(0))
        answers: list[list[SimpleNamespace]] = [[] for _ in range(self._parts)]
        for number, facts in found:
            answers[number].append(row(json.loads(facts)))
        return answers


def _literal(value: Any) -> str:
    """The value as SQL writes it."""
    return str(connection.ops.compose_sql("%s", [value])).strip()  # type: ignore[attr-defined]


def row(facts: dict[str, Any]) -> SimpleNamespace:
    """Facts as they were before they were JSON, which has neither dates nor instants."""
    return SimpleNamespace(**{name: _typed(name, value) for name, value in facts.items()})


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value
