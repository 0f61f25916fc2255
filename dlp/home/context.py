"""What base.html needs on every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dlp.home import navigation as places


def navigation(request: HttpRequest) -> dict[str, object]:
    """Looked up when a template first asks, so that a partial costs nothing."""
    return {"navigation": SimpleLazyObject(lambda: places.navigation(request))}
