"""How staff read of sessions in what was written about them."""

from __future__ import annotations

from collections.abc import Collection

from cohorts.models import Person
from dlp import words
from dlp.http import addresses
from dlp.outbox import names
from dlp.outbox.names import Name, Naming
from training.models import Session
from training.models.sessions import SessionQuerySet
from training.reminders import SUBJECT


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Each session with its day, since many have one title."""
    rows = (
        Session.objects.visible_to(viewer)
        .filter(pk__in=pks)
        .order_by()
        .values_list("pk", "title", "starts_at")
    )
    page_of = addresses("training:session")
    return {
        pk: Name(f"{title}, {words.short_day(starts_at)}", page_of(pk))
        for pk, title, starts_at in rows
    }


def matching(viewer: Person, said: str) -> SessionQuerySet:
    """Sessions whose title has every word."""
    found = Session.objects.visible_to(viewer).order_by()
    for word in said.split():
        found = found.filter(title__icontains=word)
    return found


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
