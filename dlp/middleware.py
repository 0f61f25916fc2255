"""Our own middleware."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from redis.exceptions import RedisError
from whitenoise.middleware import WhiteNoiseFileResponse

from dlp.http import PrivateFile

log = logging.getLogger("dlp.access")


class LoopbackRedirectMiddleware:
    """Redirect 127.0.0.1 to BASE_URL if that is localhost: passkeys refuse numeric addresses.

    Only GET pages are redirected; a form would lose what was typed, and monitoring may use the
    number.
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
            host == "127.0.0.1"
            and request.method in ("GET", "HEAD")
            and not request.path.startswith("/healthz")
        )


DENIED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in DENIED_FEATURES),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
METHODS = ("GET", "HEAD", "POST")  # the whole site; each view says which of them it takes
LEAVING_VIEWS = frozenset({"account_logout", "admin:logout", "signin:again", "signin:address"})


class HeadersMiddleware:
    """Set security headers on every response of every status; only the CSP middleware is outside.

    Static files may be cached by browsers and proxies, private files by the browser that asked;
    pages never, signed in or not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS:
            response = self.get_response(request)
        else:
            response = HttpResponseNotAllowed(METHODS)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not isinstance(response, (WhiteNoiseFileResponse, PrivateFile)):
            response["Cache-Control"] = "no-store, private"
        if has_left(request):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def has_left(request: HttpRequest) -> bool:
    """Whether this request signed somebody out."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    return view in LEAVING_VIEWS and request.method == "POST" and not request.user.is_authenticated


class DenialLogMiddleware:
    """Log every refusal to somebody signed in, after the view's transaction has ended.

    Only keys and view names: a path may contain a token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (403, 404) and request.resolver_match:
            log.info(
                "denied: %s to person %s, %s %s",
                response.status_code,
                request.user.pk or "nobody",
                request.method,
                request.resolver_match.view_name,
            )
        return response


class ValkeyDownMiddleware:
    """Answer 503 if a page needs Valkey and it is down: sign-in, which counts attempts there.

    Without its counters nobody may try a code. Every other page works without Valkey.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RedisError):
            return None
        log.error("Valkey is away: %s", type(error).__name__)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response
