"""What base.html needs on every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dlp.home import navigation as places


def navigation(request: HttpRequest) -> dict[str, object]:
    """Evaluated when a template first uses it, so that partials cost nothing."""
    return {"navigation": SimpleLazyObject(lambda: places.navigation(request))}
