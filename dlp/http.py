"""What every view shares: the typed request, addresses, and redirects that cannot leave the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from cohorts.models import Person


class Request(HttpRequest):
    """A request by someone who is signed in: SignedOutMiddleware has seen to it."""

    user: Person
    htmx: HtmxDetails


class PrivateFile(FileResponse):
    """A file that only the browser of somebody who may see it caches, for a day at its address.

    It cannot run, and is taken for nothing but the type we state.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["Cache-Control"] = "private, max-age=86400"
        self["Content-Security-Policy"] = "default-src 'none'; sandbox"


def safe_redirect(
    request: HttpRequest, target: str | None, *, fallback: str
) -> HttpResponseRedirect:
    """Redirect to a target from the request if it is on this site, else to `fallback`.

    `fallback` is a URL name or a path of ours.
    """
    if target and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect(resolve_url(fallback))


@cache
def addresses(name: str) -> Callable[[int], str]:
    """The URL of each row of a long list, reversed once: `addresses("home:person")(7)`."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"
