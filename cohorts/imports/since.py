"""What may have happened to people since an import added them: apps register checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Model

from cohorts.models import ParticipationChange, Person
from dlp.outbox.models import Message

Happened = Callable[[Collection[int], datetime], Iterable[int | None]]
"""From people and a moment to those to whom it has happened since. One query."""
Reasons = dict[int, list[str]]

_known: dict[str, Happened] = {}


def register(sentence: str, happened: Happened) -> None:
    """Register a reason why an import cannot be reverted; `sentence` tells it of the person."""
    _known[sentence] = happened


def with_people(ids: Collection[int], since: datetime) -> Reasons:
    """Why these people can no longer be removed: one query for each registered check."""
    reasons: Reasons = defaultdict(list)
    for sentence, happened in _known.items():
        for pk in {pk for pk in happened(ids, since) if pk is not None}:
            reasons[pk].append(sentence)
    return reasons


def holding(model: type[Model], ids: Collection[int], but: Collection[type[Model]]) -> Reasons:
    """What refers to these rows by foreign key, in words, the models in `but` left out.

    History tables refer to everything and do not count, nor do database views.
    """
    reasons: Reasons = defaultdict(list)
    for relation in model._meta.get_fields(include_hidden=True):
        holder: Any = relation.related_model
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        is_table = holder._meta.managed and not holder._meta.proxy
        if not is_table or holder in but or hasattr(holder, "pgh_tracked_model"):
            continue
        name = relation.field.attname  # type: ignore[union-attr]
        found = holder._base_manager.filter(**{f"{name}__in": ids}).order_by()
        for pk in found.values_list(name, flat=True).distinct():
            sentence = f"There are {holder._meta.verbose_name_plural} that name them."
            if sentence not in reasons[pk]:
                reasons[pk].append(sentence)
    return reasons


def changes_recorded(ids: Collection[int], at: datetime) -> set[int]:
    """The people whose participation has changed since."""
    later = ParticipationChange.objects.filter(participation__in=ids, recorded_at__gt=at)
    return set(later.values_list("participation", flat=True))


def register_ours() -> None:
    register("They have signed in since.", partial(_people, "last_login"))
    register("They were invited since.", partial(_people, "invited_at"))
    register("A letter went to them since.", _written_to)


def _people(moment: str, ids: Collection[int], since: datetime) -> Iterable[int]:
    found = Person.objects.get_queryset().filter(pk__in=ids, **{f"{moment}__gte": since})
    return found.order_by().values_list("pk", flat=True)


def _written_to(ids: Collection[int], since: datetime) -> Iterable[int | None]:
    sent = Message.objects.filter(person__in=ids, accepted_at__gte=since)
    return sent.order_by().values_list("person", flat=True)
