"""Attention lines: what waits for staff. Each app registers a provider, and the desk asks them all.

A provider builds `Matter`s, one for each kind of thing that waits, and asks for all of them in one
query (`question_of`). For an example see `placements/attention`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from dlp import facts
from dlp.changes import Kept, marks

if TYPE_CHECKING:
    from cohorts.models import Person

Sign = Literal["bad", "due", "soon"]
AT_MOST = 50
"""Rows of each matter; for more there is a list on a page of its own."""


@dataclass(frozen=True)
class Line:
    """One thing that waits for somebody.

    `key` is the same from day to day for the same matter, so that it can be recognised; `action` is
    the label of the button that leads to `url`; `area` the heading to filter by ("People").
    `owners` are the keys of people responsible for it, such as a cohort's coordinator; without any
    it waits for everybody.
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
    """A kind of thing that waits: its rows, the facts to read, and how they become a line.

    `line` gets an object with the facts as attributes (see `dlp.facts`).
    """

    rows: QuerySet[Any]
    facts: JSONObject
    line: Callable[[Any], Line]


Provider = Callable[["Person", date], list[Line]]

_SIGN_ORDER: dict[Sign, int] = {"bad": 0, "due": 1, "soon": 2}
_providers: list[Provider] = []
_marks: ContextVar[str | None] = ContextVar("marks", default=None)
"""The current marks, while somebody's lines are collected."""


def register(provider: Provider) -> Provider:
    """Add a provider. Call it from `AppConfig.ready`; repeating it changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def lines_for(person: Person, today: date, *, as_of: str | None = None) -> list[Line]:
    """Everything that waits for this person: what is wrong first, then due, then coming.

    `as_of` are the current marks (`dlp.changes`), if the caller has read them already.
    """
    known = _marks.set(as_of or marks())
    try:
        lines = [line for provider in _providers for line in provider(person, today)]
    finally:
        _marks.reset(known)
    return sorted(lines, key=lambda line: _SIGN_ORDER[line.sign])


def owned_by(*people: int | None) -> tuple[int, ...]:
    """The `owners` of a line from the people in its facts, each once; None is skipped."""
    return tuple(sorted({one for one in people if one is not None}))


def ask(matters: Sequence[Matter]) -> list[Line]:
    """The lines of these matters, in order, from one query.

    Rows keep the order of their queryset. Rows with the same key become one line.
    """
    return Question(matters).answer()


@lru_cache(maxsize=8)
def question_of(day: date, matters: Callable[[date], Sequence[Matter]]) -> Question:
    """The query for these matters on this day, built once and then reused for everybody.

    Building it is most of the work. The SQL is reused later the same day, so matters use `Now()`
    for the current moment. Answers are cached (see `Question`), so matters may only read data whose
    changes reach a history table, unless they may be shown a minute late.
    """
    return Question(matters(day))


class Question:
    """Several matters in one query; the answer is cached for up to a minute while nothing changes."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        self._lines = [matter.line for matter in matters]
        self._facts = facts.Question([(one.rows[:AT_MOST], one.facts) for one in matters])
        self._kept: Kept[list[Line]] = Kept()

    def answer(self, instead: Mapping[Any, Any] | None = None) -> list[Line]:
        """The lines; cached only inside `lines_for`, while the marks stay the same.

        `instead` replaces placeholders of `dlp.prepared`.
        """
        as_of, meant = _marks.get(), instead or {}
        if as_of is None:
            return self._new_answer(meant)
        return self._kept.answer(tuple(meant.items()), as_of, lambda: self._new_answer(meant))

    def _new_answer(self, instead: Mapping[Any, Any]) -> list[Line]:
        said: dict[str, Line] = {}
        for line_of, rows in zip(self._lines, self._facts.answer(instead), strict=True):
            for one in rows:
                line = line_of(one)
                said.setdefault(line.key, line)
        return list(said.values())
