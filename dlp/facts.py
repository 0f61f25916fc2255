"""Rows of several tables in one query, each as an object with just the facts asked for.

Every part selects one JSON object per row, so that parts with different columns can be combined
with UNION ALL.
"""

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
    """A combined query, built once and run again and again.

    Each part's rows come in the order of their queryset. Parts may contain placeholders of
    `dlp.prepared` for the viewer or the moment, which `answer` replaces.
    """

    def __init__(self, parts: Sequence[tuple[QuerySet[Any], JSONObject]]) -> None:
        self._parts = len(parts)
        first, *others = (
            rows.values_list(Value(number), facts) for number, (rows, facts) in enumerate(parts)
        )
        self._asked = Prepared(first.union(*others, all=True))

    def answer(self, instead: Mapping[Any, Any] | None = None) -> list[list[SimpleNamespace]]:
        """The rows of each part.

        A fact named `…_on` is decoded to a date, one named `…_at` to a datetime.
        """
        told: list[list[str]] = [[] for _ in range(self._parts)]
        for number, facts in self._asked.rows(instead):
            told[number].append(facts)
        return [[row(one) for one in json.loads(f"[{','.join(part)}]")] for part in told]


def row(facts: dict[str, Any]) -> SimpleNamespace:
    """Decode a JSON object: JSON has neither dates nor datetimes."""
    known = {
        name: value if value is None or (read := _reader(name)) is None else read(value)
        for name, value in facts.items()
    }
    return SimpleNamespace(**known)


@cache
def _reader(name: str) -> Callable[[str], date] | None:
    """The function that decodes a fact with this name; None if it needs none."""
    if name.endswith("_on"):
        return date.fromisoformat
    return datetime.fromisoformat if name.endswith("_at") else None
