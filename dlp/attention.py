"""What needs attention: each app registers who can tell, and the desk asks them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from dlp import facts

if TYPE_CHECKING:
    from cohorts.models import Person

Sign = Literal["bad", "due", "soon"]
AT_MOST = 50
"""Of each matter; more would be a list, and there is a page for it."""


@dataclass(frozen=True)
class Line:
    """One thing that waits for somebody.

    `key` is the same from day to day for the same matter, so that it can be put off; `action` is
    the word on the button that leads to `url`; `area` the heading to filter by ("People"). `owners`
    are the numbers of those who answer for it, such as a cohort's coordinator; without any, it
    waits for everybody.
    """

    key: str
    sign: Sign
    title: str
    detail: str
    url: str
    action: str
    area: str
    owners: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matter:
    """A kind of thing that waits: its rows, the facts of each that are told, and how it reads.

    `line` is given a row's facts as attributes, as `dlp.facts` tells them.
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


def owned_by(*people: int | None) -> tuple[int, ...]:
    """The `owners` of a line, each once, from the people that its facts name; some may be nobody."""
    return tuple(sorted({one for one in people if one is not None}))


def ask(matters: Sequence[Matter]) -> list[Line]:
    """The lines of these matters in their order, from one query.

    Each matter's rows keep the order of their queryset. A line that several rows share is said
    once.
    """
    answers = facts.told([(matter.rows[:AT_MOST], matter.facts) for matter in matters])
    lines = (
        matter.line(row) for matter, rows in zip(matters, answers, strict=True) for row in rows
    )
    return list(dict.fromkeys(lines))
