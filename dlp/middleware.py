"""Middleware of our own."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class LoopbackRedirectMiddleware:
    """Send 127.0.0.1 to BASE_URL when that is localhost: passkeys refuse an address of numbers.

    Only pages are sent on; a form would lose what was typed, and monitoring may ask by number.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_needed = (
            settings.ON_LOOPBACK and urlsplit(settings.BASE_URL).hostname != "127.0.0.1"
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_needed and self.is_by_number(request):
            return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())
        return self.get_response(request)

    @staticmethod
    def is_by_number(request: HttpRequest) -> bool:
        host = request.META.get("HTTP_HOST", "").partition(":")[0]
        return (
            host == "127.0.0.1" and request.method in ("GET", "HEAD") and request.path != "/healthz"
        )
