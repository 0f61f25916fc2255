"""What needs attention: each app registers who can tell, and the desk asks them all."""

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
_marks: ContextVar[str | None] = ContextVar("marks", default=None)
"""Those of the programme while somebody's lines are put together."""


def register(provider: Provider) -> Provider:
    """Ask this provider, too. Call it from `AppConfig.ready`; a second call changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def lines_for(person: Person, today: date, *, as_of: str | None = None) -> list[Line]:
    """Everything that waits for this person: what is wrong first, then due, then coming.

    `as_of` are the marks of this moment where the caller has asked for them already.
    """
    known = _marks.set(as_of or marks())
    try:
        lines = [line for provider in _providers for line in provider(person, today)]
    finally:
        _marks.reset(known)
    return sorted(lines, key=lambda line: _SIGN_ORDER[line.sign])


def owned_by(*people: int | None) -> tuple[int, ...]:
    """The `owners` of a line, each once, from the people that its facts name; some may be nobody."""
    return tuple(sorted({one for one in people if one is not None}))


def ask(matters: Sequence[Matter]) -> list[Line]:
    """The lines of these matters in their order, from one query.

    Each matter's rows keep the order of their queryset. A line that several rows share is said
    once.
    """
    return Question(matters).answer()


@lru_cache(maxsize=8)
def question_of(day: date, matters: Callable[[date], Sequence[Matter]]) -> Question:
    """What is asked of everybody alike on this day; put together once, since that is most of the work.

    So its matters say `Now()` where they mean the moment: they are asked again and again. They read
    nothing that leaves no row in a history, unless it may be told a minute late.
    """
    return Question(matters(day))


class Question:
    """Matters in one query, and the answer for as long as nothing changes: a minute at most."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        self._lines = [matter.line for matter in matters]
        self._facts = facts.Question([(one.rows[:AT_MOST], one.facts) for one in matters])
        self._kept: Kept[list[Line]] = Kept()

    def answer(self, instead: Mapping[Any, Any] | None = None) -> list[Line]:
        """Kept within `lines_for`, while the marks are the same and for that minute; else new.

        `instead` is put for stand-ins of `dlp.prepared`.
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
