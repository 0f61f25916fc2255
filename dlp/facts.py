"""Rows of several tables from one query, each told as the facts that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject


def told(questions: Sequence[tuple[QuerySet[Any], JSONObject]]) -> list[list[SimpleNamespace]]:
    """The rows of each question in its order, from one query; none where nothing is asked.

    A fact named `…_on` is a date on its row, one named `…_at` an instant.
    """
    if not questions:
        return []
    first, *others = (
        rows.values_list(Value(number), facts) for number, (rows, facts) in enumerate(questions)
    )
    answers: list[list[SimpleNamespace]] = [[] for _ in questions]
    for number, facts in sorted(first.union(*others, all=True), key=itemgetter(0)):
        answers[number].append(row(facts))
    return answers


def row(facts: dict[str, Any]) -> SimpleNamespace:
    """Facts as they were before they were JSON, which has neither dates nor instants."""
    return SimpleNamespace(**{name: _typed(name, value) for name, value in facts.items()})


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value
