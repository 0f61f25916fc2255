"""Everything that happened to one person or at one school: apps register sources of events.

A kind of event can have any number of sources; a page of them costs three queries, however many
there are: about the viewer, the events with their number, and who did it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Value, Window
from django.db.models.functions import JSONObject, Lag
from django.utils import timezone

from dlp import facts, words
from dlp.prepared import SOMEBODY, Prepared

if TYPE_CHECKING:
    from cohorts.models import Person


@dataclass(frozen=True)
class Event:
    """One thing that happened, as a sentence without a subject: "Joined the 2026 Cohort."

    `by` did it, for `behalf` if they spoke for somebody else; both are keys of people. `reason` is
    why, if this viewer may read it; `withheld` says who may read more.
    """

    says: str
    by: int | None = None
    behalf: int | None = None
    reason: str = ""
    withheld: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """An event as the page shows it: when it was recorded, its kind, and by whom."""

    at: datetime
    label: str
    event: Event
    by: str
    behalf: str

    @property
    def day(self) -> date:
        return words.as_day(self.at)


@dataclass(frozen=True)
class Source:
    """Rows that are one event each, when it was recorded, and the facts to read from it.

    `at` is a column or annotation of `rows`. `told` gets each row as `dlp.facts` decodes it. What a
    viewer may not read is not among the facts, so it never leaves the database.
    """

    rows: QuerySet[Any]
    at: str
    facts: JSONObject
    told: Callable[[Any], Event]


Provider = Callable[["Person", Any], list[Source]]
"""From the viewer and whom it is about to the sources, which start from what the viewer may see.
For staff the query is reused for other people: the provider gets a placeholder with only a key."""

FARTHEST = 10_000
"""More pages than any life has."""
_PAGE = """
    SELECT happened_at, source, told, count(*) OVER () FROM ({}) AS happened
    ORDER BY happened_at DESC, source, told
"""
"""The newest first, and how many there are in all."""

_kinds: dict[str, str] = {}
_providers: list[tuple[str, str, Provider]] = []


def register(kind: str, label: str, provider: Provider, *, of: str = "person") -> None:
    """Add a provider for events of a kind. From `AppConfig.ready`; repeating it changes nothing.

    `kind` is the word in the URL, `label` the one on the filter, as first registered. `of` says
    what the events are about: a "person" or a "school".
    """
    _kinds.setdefault(kind, label)
    if (of, kind, provider) not in _providers:
        _providers.append((of, kind, provider))


@dataclass(frozen=True)
class _Viewer:
    """A viewer, equal as long as the person and their groups are the same."""

    pk: int
    rights: frozenset[str]
    person: Person = field(compare=False)

    @classmethod
    def of(cls, person: Person) -> _Viewer:
        flags = {name for name in ("is_staff", "is_superuser") if getattr(person, name)}
        groups = person.groups.values_list("name", flat=True)
        return cls(person.pk, frozenset({*flags, *groups}), person)


class _Story:
    """Everything a viewer may be told about one person or school: the sources, and their query."""

    def __init__(self, viewer: Person, about: Any, of: str) -> None:
        self.sources = [
            (kind, source)
            for told_of, kind, provider in _providers
            if told_of == of
            for source in provider(viewer, about)
        ]
        self._questions: dict[str, Prepared | None] = {}

    def question(self, kind: str) -> Prepared | None:
        """The query for one kind of event, or for all; None if there can be none. Built once."""
        if kind not in self._questions:
            try:
                self._questions[kind] = Prepared(self._together(kind))
            except EmptyResultSet:
                self._questions[kind] = None
        return self._questions[kind]

    def _together(self, kind: str) -> QuerySet[Any]:
        first, *others = (
            source.rows.order_by()
            .annotate(happened_at=F(source.at), source=Value(number), told=source.facts)
            .values_list("happened_at", "source", "told")
            for number, (its_kind, source) in enumerate(self.sources)
            if kind in ("", its_kind)
        )
        together: QuerySet[Any] = first.union(*others, all=True)
        return together


@lru_cache(maxsize=32)
def _of_anybody(viewer: _Viewer, model: str, of: str, day: date) -> _Story:
    """The story for a viewer on one day, since what somebody may see can depend on the day."""
    return _Story(viewer.person, apps.get_model(model)(pk=SOMEBODY), of)


class Timeline:
    """Events about `about` that `viewer` may know, newest first; `of` as in `register`."""

    def __init__(self, viewer: Person, about: Any, *, of: str = "person") -> None:
        self._about = about.pk
        if viewer.is_staff and viewer != about:
            viewed_by, today = _Viewer.of(viewer), timezone.localdate()
            self._story = _of_anybody(viewed_by, about._meta.label, of, today)
        else:
            self._story = _Story(viewer, about, of)

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of event that this viewer may be told of, with their labels, by label."""
        known = {kind for kind, _ in self._story.sources}
        return sorted(((kind, _kinds[kind]) for kind in known), key=itemgetter(1))

    def page(self, kind: str, asked: str | None, size: int) -> Page[Any]:
        """A page of events, of one kind or all; the last page if `asked` is beyond it."""
        number = min(int(asked), FARTHEST) if asked and asked.isdecimal() else 1
        total, lines = self._read(kind, max(number, 1), size)
        if not lines and number > 1:
            total, _ = self._read(kind, 1, size)
        page: Page[Any] = Paginator(range(total), size).get_page(number)
        if page.number < number:
            _, lines = self._read(kind, page.number, size)
        page.object_list = lines
        return page

    def _read(self, kind: str, number: int, size: int) -> tuple[int, list[Line]]:
        """The number of events and those of the page."""
        question = self._story.question(kind)
        if question is None:
            return 0, []
        of_page = f"{_PAGE} LIMIT {size} OFFSET {(number - 1) * size}"
        rows = question.rows({SOMEBODY: self._about}, around=of_page)
        lines = _with_names((at, *self._event(source, told)) for at, source, told, _ in rows)
        return (rows[0][-1] if rows else 0), lines

    def _event(self, number: int, told: str) -> tuple[str, Event]:
        kind, source = self._story.sources[number]
        return _kinds[kind], source.told(facts.row(json.loads(told)))


def _with_names(happened: Iterable[tuple[datetime, str, Event]]) -> list[Line]:
    events = list(happened)
    people = {pk for _, _, event in events for pk in (event.by, event.behalf) if pk is not None}
    names = _names_of(people)
    return [
        Line(at, label, event, names.get(event.by, ""), names.get(event.behalf, ""))
        for at, label, event in events
    ]


def _names_of(people: Collection[int]) -> dict[int | None, str]:
    if not people:
        return {}
    found = get_user_model()._base_manager.filter(pk__in=people)
    return {person.pk: str(person) for person in found.only("full_name", "known_as")}


# Reading history tables


def steps_in(events: QuerySet[Any], *columns: str) -> QuerySet[Any]:
    """Rows of a history table in which a row was created, or one of these columns changed.

    Each has `now` and `then`, the columns after and before; `then` is None for a creation.
    """
    now = JSONObject(**{name: name for name in columns})
    then = Window(Lag(now), partition_by="pgh_obj", order_by="pgh_id")
    steps: QuerySet[Any] = events.annotate(now=now, then=then)
    return steps.filter(Q(then__isnull=True) | ~Q(then=F("now")))


BY = "pgh_context__metadata__user"
"""Who caused a history row, as a fact."""
