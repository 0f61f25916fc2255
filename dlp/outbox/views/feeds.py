"""A person's private calendar, and the page on which they make and end its address."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp.asking import act
from dlp.http import Request
from dlp.outbox import feeds
from dlp.outbox.models import FeedToken
from dlp.outbox.writing import calendars
from dlp.signin import links
from dlp.signin.step_up import recent_sign_in_required

NAME = "Leadership Programme"
TYPE = "text/calendar; charset=utf-8"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar as calendar programs fetch it; any invalid key gets the same 404."""
    busy: HttpResponse | None = ratelimit.consume_or_429(
        request, action="calendar_feed", key=feeds.hash_of(token), limit_get=True
    )
    if busy:
        return busy
    found = feeds.find(token)
    if found is None:
        raise Http404
    try:
        entries = feeds.entries_for(found.person)
    except feeds.NoFeed:
        raise Http404 from None
    feeds.note_fetch(found)
    tag = f'W/"{sha256(repr(entries).encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    content = calendars.feed(entries, name=NAME, at=timezone.now())
    return HttpResponse(content, content_type=TYPE, headers={"ETag": tag})


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: Request) -> HttpResponse:
    if request.method == "POST":
        response: HttpResponse = make_address(request)
        return response
    return _page(request)


@recent_sign_in_required
def make_address(request: Request) -> HttpResponse:
    """Make a new address and show it, this once."""
    path = reverse("outbox:feed", args=[feeds.make_token(request.user)])
    return _page(request, address=links.absolute(path))


@require_POST
def my_calendar_off(request: Request) -> HttpResponse:
    return act(
        request,
        lambda: feeds.revoke(request.user),
        said="The address no longer works. Remove the calendar where you added it.",
        back=reverse("outbox:my_calendar"),
    )


def _page(request: Request, address: str = "") -> HttpResponse:
    current = FeedToken.objects.visible_to(request.user).filter(person=request.user).first()
    webcal = f"webcal://{address.partition('://')[2]}"
    context = {
        "current": current,
        "address": address,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        "outlook": (
            "https://outlook.office.com/calendar/0/addfromweb"
            f"?url={quote(address, safe='')}&name={quote(NAME)}"
        ),
    }
    return render(request, "outbox/my_calendar.html", context)
