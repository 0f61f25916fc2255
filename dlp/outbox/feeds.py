"""Each person's private calendar: an address that calendar programs fetch without signing in.

Whoever knows the address sees when and where one person has to be, and no more. We store only its
hash. The apps provide the entries; the outbox knows no app.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from dlp.outbox.models import FeedToken
from dlp.outbox.writing.calendars import FeedEntry

if TYPE_CHECKING:
    from cohorts.models import Person

NOTED_EVERY = timedelta(minutes=10)


class NoFeed(Exception):
    """Raised by a provider for somebody who left the programme: their calendar has ended."""


Provider = Callable[["Person"], Sequence[FeedEntry]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a provider. Call it from `AppConfig.ready`; repeating it changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def entries_for(person: Person) -> list[FeedEntry]:
    """Everything in this person's calendar. Raises NoFeed if they have none any more."""
    if not person.is_active:
        raise NoFeed
    return [entry for provider in _providers for entry in provider(person)]


@transaction.atomic
def make_token(person: Person) -> str:
    """Give this person a new address, replacing the old; its key is shown once."""
    token = secrets.token_urlsafe(32)
    FeedToken.objects.update_or_create(
        person=person,
        defaults={"token_hash": hash_of(token), "made_at": Now(), "last_fetched_at": None},
    )
    return token


def revoke(person: Person) -> None:
    """End this person's address at once. Without one nothing changes."""
    FeedToken.objects.filter(person=person).delete()


def find(token: str) -> FeedToken | None:
    """Whose calendar this key opens; None for an unknown or ended key."""
    found = FeedToken.objects.filter(token_hash=hash_of(token), person__is_active=True)
    return found.select_related("person").first()


def note_fetch(feed: FeedToken) -> None:
    """Record when the calendar was last fetched, to ten minutes."""
    a_while_ago = Q(last_fetched_at=None) | Q(last_fetched_at__lt=Now() - NOTED_EVERY)
    FeedToken.objects.filter(a_while_ago, pk=feed.pk, token_hash=feed.token_hash).update(
        last_fetched_at=Now()
    )


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
