"""What changed since somebody last looked. Each app registers providers, and a home asks them all.

A provider builds `Matter`s, one for each kind of change; all of them are read in one query. For an
example see `training/news`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.auth import get_user_model
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from pghistory.models import Context

from dlp import facts
from dlp.prepared import SOME_TIME, SOMEBODY

if TYPE_CHECKING:
    from cohorts.models import Person

Sign = Literal["good", "soon", "due", "bad", "rest"]
Audience = Literal["staff", "participants", "school leads", "leading"]
"""To whom something is told; somebody of several roles is told everything once."""

LATEST = 300
"""Events of a history table that are looked through, however many there are."""
LOOKED_BACK = timedelta(days=30)
FEW = 2
"""Rows alike that are told singly."""


@dataclass(frozen=True)
class Item:
    """One thing that happened.

    `about` names the thing, such as "session:7", which is told only once, by the first matter.
    Without a `url` there is no page with more.
    """

    about: str
    at: datetime
    sign: Sign
    title: str
    detail: str
    url: str = ""


@dataclass(frozen=True)
class Matter:
    """A kind of change: the rows, the facts to read from each, and how they become items.

    `items` gets the newest rows (see `dlp.facts`), so that ten alike can become one item.
    """

    rows: QuerySet[Any]
    facts: JSONObject
    items: Callable[[list[Any]], list[Item]]
    at_most: int = 60
    """Rows that are read; more would be a list, and there is a page for it."""


Provider = Callable[["Person", datetime], list[Matter]]
"""Asked once a day for everybody alike. So it is given a stand-in for the person, which says only
whether they are staff, and one for the moment; both may be compared and nothing else."""

_providers: dict[Audience, list[Provider]] = {}


def register(audience: Audience, provider: Provider) -> None:
    """Add a provider for an audience. Call it from `AppConfig.ready`; repeating it changes nothing."""
    known = _providers.setdefault(audience, [])
    if provider not in known:
        known.append(provider)


def since(moment: datetime, person: Person, audiences: Collection[Audience]) -> list[Item]:
    """What happened after a moment that this person may know, newest first. One query."""
    providers = tuple(one for audience in audiences for one in _providers.get(audience, ()))
    if not providers:
        return []
    items_of, question = _question(providers, person.is_staff, timezone.localdate())
    answers = question.answer({SOMEBODY: person.pk, SOME_TIME: moment})
    known: dict[str, Item] = {}
    for items, rows in zip(items_of, answers, strict=True):
        for item in items(rows):
            known.setdefault(item.about, item)
    return sorted(known.values(), key=lambda item: item.at, reverse=True)


@lru_cache(maxsize=16)
def _question(
    providers: Sequence[Provider], is_staff: bool, day: date
) -> tuple[list[Callable[[list[Any]], list[Item]]], facts.Question]:
    """The combined query of these providers for a day, built once and reused for everybody."""
    somebody = get_user_model()(pk=SOMEBODY, is_staff=is_staff)
    matters = [one for provider in providers for one in provider(somebody, SOME_TIME)]
    parts = [(one.rows[: one.at_most], one.facts) for one in matters]
    return [one.items for one in matters], facts.Question(parts)


# Lines of several rows


def latest_of_each(
    rows: list[Any],
    thing: Callable[[Any], Hashable],
    alike: Callable[[Any], Hashable],
    of_one: Callable[[Any], Item],
    of_many: Callable[[list[Any]], Item],
) -> list[Item]:
    """The newest row of each thing; a few alike are a line each, many alike one line."""
    newest: dict[Hashable, Any] = {}
    for row in rows:
        newest.setdefault(thing(row), row)
    groups: dict[Hashable, list[Any]] = defaultdict(list)
    for row in newest.values():
        groups[alike(row)].append(row)
    return [item for ones in groups.values() for item in few_or_many(ones, of_one, of_many)]


def few_or_many(
    rows: list[Any], of_one: Callable[[Any], Item], of_many: Callable[[list[Any]], Item]
) -> list[Item]:
    """A line each for a few; one for many, as after a whole list was worked through."""
    return [of_one(row) for row in rows] if len(rows) <= FEW else [of_many(rows)]


# Reading history tables


def events_of(model: type[Model]) -> QuerySet[Any]:
    """The history rows of a model."""
    event: Any = model._meta.get_field("events").related_model
    found: QuerySet[Any] = event._default_manager.all()
    return found


def latest(model: type[Model], moment: datetime) -> QuerySet[Any]:
    """Events after a moment, limited to the newest few hundred, found by their time in one pass."""
    after = events_of(model).filter(pgh_created_at__gt=moment)
    times = after.order_by("-pgh_created_at").values("pgh_created_at")
    last = Coalesce(Subquery(times[LATEST - 1 : LATEST]), Value(moment))
    return after.filter(pgh_created_at__gte=last)


def by_others(events: QuerySet[Any], person: Person) -> QuerySet[Any]:
    """Events caused by others or by nobody: what people did themselves is no news to them."""
    own = Context.objects.filter(pk=OuterRef("pgh_context"), metadata__user=person.pk)
    return events.filter(~Exists(own))


def as_of(moment: Any, model: type[Model], snapshot: JSONObject, path: str = "pk") -> Subquery:
    """A row, found at `path`, as it was at a moment; None if it did not exist yet."""
    earlier = events_of(model).filter(pgh_obj=OuterRef(path), pgh_created_at__lte=moment)
    return Subquery(earlier.order_by("-pgh_id").values(snapshot=snapshot)[:1])
