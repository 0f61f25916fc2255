"""Sessions as a subject of letters: how staff pages name and find them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Abs, Extract, Now

from cohorts.models import Person
from dlp import words
from dlp.http import addresses
from dlp.outbox import names
from dlp.outbox.names import Name, Naming
from training.models import Session
from training.models.sessions import SessionQuerySet
from training.reminders import SUBJECT


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Each session with its day, since many share a title."""
    rows = (
        Session.objects.visible_to(viewer)
        .filter(pk__in=pks)
        .order_by()
        .values_list("pk", "title", "starts_at")
    )
    return {pk: name_of(pk, title, starts_at) for pk, title, starts_at in rows}


def name_of(pk: int, title: str, starts_at: datetime) -> Name:
    """Twilight: calling home, Tue 24 Nov"""
    return Name(f"{title}, {words.short_day(starts_at)}", addresses("training:session")(pk))


def matching(viewer: Person, said: str) -> SessionQuerySet:
    """Sessions whose title contains every word, the nearest to today first."""
    away = Abs(Extract(F("starts_at") - Now(), "epoch"))
    found = Session.objects.visible_to(viewer).order_by(away, "pk")
    for word in said.split():
        found = found.filter(title__icontains=word)
    return found


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
