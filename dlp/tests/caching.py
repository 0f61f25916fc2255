"""What a test leaves in Valkey."""

from __future__ import annotations

from functools import cache as once

from django.conf import settings
from django.core.cache import cache
from redis import Redis


def forget_all_kept() -> None:
    """Rate limits and anything else that is cached; other processes keep their own keys."""
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    if keys := list(_valkey().scan_iter(f"{prefix}:*", count=10_000)):
        _valkey().delete(*keys)


@once
def _valkey() -> Redis:
    """Made once: that takes longer than a question."""
    client: Redis = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    return client
