"""Rows of several tables from one query, each told as the facts that were asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

from dlp.prepared import Prepared


class Question:
    """Rows of several tables in one query, put together once and asked again and again.

    Each part's rows come in the order of their queryset. What a part says of whoever asks, or of
    the moment, may be a stand-in of `dlp.prepared` that `answer` puts something else for.
    """

    def __init__(self, parts: Sequence[tuple[QuerySet[Any], JSONObject]]) -> None:
        self._parts = len(parts)
        first, *others = (
            rows.values_list(Value(number), facts) for number, (rows, facts) in enumerate(parts)
        )
        self._asked = Prepared(first.union(*others, all=True))

    def answer(self, instead: Mapping[Any, Any] | None = None) -> list[list[SimpleNamespace]]:
        """The rows of each part. A fact named `…_on` is a date on its row, one named `…_at` an instant."""
        told: list[list[str]] = [[] for _ in range(self._parts)]
        for number, facts in self._asked.rows(instead):
            told[number].append(facts)
        return [[row(one) for one in json.loads(f"[{','.join(part)}]")] for part in told]


def row(facts: dict[str, Any]) -> SimpleNamespace:
    """Facts as they were before they were JSON, which has neither dates nor instants."""
    known = {
        name: value if value is None or (read := _reader(name)) is None else read(value)
        for name, value in facts.items()
    }
    return SimpleNamespace(**known)


@cache
def _reader(name: str) -> Callable[[str], date] | None:
    """What makes a date or an instant of a fact with this name; None of one that is neither."""
    if name.endswith("_on"):
        return date.fromisoformat
    return datetime.fromisoformat if name.endswith("_at") else None
