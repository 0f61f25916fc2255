"""Everything that happened to one person: each app registers who can tell, and a page asks them all.

A kind of event is told by any number of sources; a page of them costs three queries, however many
there are: how many, which, and who did it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet, Value, Window
from django.db.models.functions import JSONObject, Lag

from dlp import facts, words

if TYPE_CHECKING:
    from cohorts.models import Person


@dataclass(frozen=True)
class Event:
    """One thing that happened, in a sentence without a subject: "Joined the 2026 Cohort."

    `by` did it, on behalf of `behalf` where they spoke for somebody else; both are keys of people.
    `reason` is why, where this viewer may read it; `withheld` says to whom more of it is shown.
    """

    says: str
    by: int | None = None
    behalf: int | None = None
    reason: str = ""
    withheld: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """An event as it stands on the page: when it was recorded, its kind, and who by name."""

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
    """Rows that each are one event, when it was recorded, and the facts it is told from.

    `at` is a column or an annotation of `rows`. A row is given to `told` as `dlp.facts` tells it.
    What a viewer may not read is left out of the facts, so that it never leaves the database.
    """

    rows: QuerySet[Any]
    at: str
    facts: JSONObject
    told: Callable[[Any], Event]


Provider = Callable[["Person", "Person"], list[Source]]
"""Given who looks and whom it is about; each source starts from what the viewer may see."""

_kinds: dict[str, str] = {}
_providers: list[tuple[str, Provider]] = []


def register(kind: str, label: str, provider: Provider) -> None:
    """Ask this provider, too, for events of a kind. From `AppConfig.ready`; again changes nothing.

    `kind` is the word in the URL, `label` the one on the filter: the first to be registered stays.
    """
    _kinds.setdefault(kind, label)
    if (kind, provider) not in _providers:
        _providers.append((kind, provider))


def kinds(viewer: Person, about: Person) -> list[tuple[str, str]]:
    """The kinds of event that this viewer may be told of, with their labels, by label."""
    known = {kind for kind, provider in _providers if provider(viewer, about)}
    return sorted(((kind, _kinds[kind]) for kind in known), key=itemgetter(1))


class Timeline:
    """What happened to `about` that `viewer` may know, newest first; made for a Paginator."""

    def __init__(self, viewer: Person, about: Person, kind: str = "") -> None:
        self._sources = [
            (its_kind, source)
            for its_kind, provider in _providers
            if kind in ("", its_kind)
            for source in provider(viewer, about)
        ]

    def __len__(self) -> int:
        return self._together().count() if self._sources else 0

    def __getitem__(self, part: slice) -> list[Line]:
        if not self._sources:
            return []
        rows = self._together().order_by("-happened_at", "source", "told")[part]
        return _with_names((at, *self._event(number, told)) for at, number, told in rows)

    def _together(self) -> QuerySet[Any]:
        first, *others = (
            source.rows.order_by()
            .annotate(happened_at=F(source.at), source=Value(number), told=source.facts)
            .values_list("happened_at", "source", "told")
            for number, (_, source) in enumerate(self._sources)
        )
        together: QuerySet[Any] = first.union(*others, all=True)
        return together

    def _event(self, number: int, told: dict[str, Any]) -> tuple[str, Event]:
        kind, source = self._sources[number]
        return _kinds[kind], source.told(facts.row(told))


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
    """The rows of a history in which a row began, or one of these columns changed.

    Each has `now` and `then` to tell of, the columns as they are and as they were before; `then` is
    None for a beginning.
    """
    now = JSONObject(**{name: name for name in columns})
    then = Window(Lag(now), partition_by="pgh_obj", order_by="pgh_id")
    steps: QuerySet[Any] = events.annotate(now=now, then=then)
    return steps.filter(Q(then__isnull=True) | ~Q(then=F("now")))


BY = "pgh_context__metadata__user"
"""Who caused a row of a history, as a fact."""
