"""What needs attention: each app registers who can tell, and the desk asks them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

if TYPE_CHECKING:
    from cohorts.models import Person

Sign = Literal["bad", "due", "soon"]
AT_MOST = 50
"""Of each matter; more would be a list, and there is a page for it."""


@dataclass(frozen=True)
class Line:
    """One thing that waits for somebody.

    `key` is the same from day to day for the same matter, so that it can be put off; `action` is
    the word on the button that leads to `url`; `area` the heading to filter by ("People").
    """

    key: str
    sign: Sign
    title: str
    detail: str
    url: str
    action: str
    area: str


@dataclass(frozen=True)
class Matter:
    """A kind of thing that waits: its rows, the facts of each that are told, and how it reads.

    `line` is given a row's facts as attributes. A fact named `…_on` is a date there, one named
    `…_at` an instant.
    """

    rows: QuerySet[Any]
    facts: JSONObject
    line: Callable[[Any], Line]


Provider = Callable[["Person", date], list[Line]]

_SIGN_ORDER: dict[Sign, int] = {"bad": 0, "due": 1, "soon": 2}
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask this provider, too. Call it from `AppConfig.ready`; a second call changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def lines_for(person: Person, today: date) -> list[Line]:
    """Everything that waits for this person: what is wrong first, then due, then coming."""
    lines = [line for provider in _providers for line in provider(person, today)]
    return sorted(lines, key=lambda line: _SIGN_ORDER[line.sign])


def ask(matters: Sequence[Matter]) -> list[Line]:
    """The lines of these matters in their order, from one query.

    Each matter's rows keep the order of their queryset. A line that several rows share is said
    once.
    """
    first, *others = (
        matter.rows.values_list(Value(number), matter.facts)[:AT_MOST]
        for number, matter in enumerate(matters)
    )
    answers = sorted(first.union(*others, all=True), key=itemgetter(0))
    lines = (matters[number].line(_row(facts)) for number, facts in answers)
    return list(dict.fromkeys(lines))


def _row(facts: dict[str, Any]) -> SimpleNamespace:
    """Facts as they were before they were JSON, which has neither dates nor instants."""
    return SimpleNamespace(**{name: _typed(name, value) for name, value in facts.items()})


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value
