"""The pages of the local mailbox, for whoever has this machine and the link of this start.

Public views, since there may be nobody to sign in as yet; so they answer only on loopback, under a
token that bin/start makes anew, and never if letters really leave. Everything else gets a 404.
"""

from __future__ import annotations

import base64
import hashlib
import re
from email.message import EmailMessage

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from dlp.embedded import mailbox
from dlp.embedded.mailbox_calendar import CalendarInWords, calendar_in_words
from dlp.loopback import is_loopback

STYLES = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
LETTERS_LISTED = 100
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")


@login_not_required
@require_safe
def letter_list(request: HttpRequest, token: str) -> HttpResponse:
    check_door(request, token)
    words = request.GET.get("to", "").strip()
    letters = mailbox.newest(to=words, limit=LETTERS_LISTED)
    telephones = [] if words else mailbox.telephones()
    return render(
        request,
        "mailbox/list.html",
        {"letters": letters, "token": token, "words": words, "telephones": telephones},
    )


@login_not_required
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter(request: HttpRequest, token: str, key: str) -> HttpResponse:
    check_door(request, token)
    found = letter_or_404(key)
    context = {
        "token": token,
        "key": key,
        "subject": str(found["Subject"] or "No subject"),
        "to": str(found["To"] or ""),
        "headers": [(name, str(value)) for name, value in found.items()],
        "delivered_at": mailbox.delivered_at(key),
        "has_html": bool(body(found, "text/html")),
        "text": body(found, "text/plain"),
        "calendars": calendars_of(found),
    }
    return render(request, "mailbox/letter.html", context)


@login_not_required
@require_safe
@xframe_options_sameorigin
def letter_html(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """The letter as its reader sees it, in a frame without scripts or remote pictures."""
    check_door(request, token)
    html = body(letter_or_404(key), "text/html")
    if not html:
        raise Http404
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = frame_policy(html)
    return response


def check_door(request: HttpRequest, token: str) -> None:
    """Raise Http404 unless this is this machine, with the link of this start, and no mail leaves."""
    is_here = is_loopback(request.META.get("REMOTE_ADDR")) and not any(
        request.META.get(name) for name in FORWARDED
    )
    is_known = bool(settings.MAILBOX_TOKEN) and constant_time_compare(token, settings.MAILBOX_TOKEN)
    if settings.EMAIL_URL or not is_here or not is_known:
        raise Http404


def letter_or_404(key: str) -> EmailMessage:
    found = mailbox.read(key)
    if found is None:
        raise Http404
    return found


def body(found: EmailMessage, kind: str) -> str:
    """The first part of one kind as text; empty where there is none.

    Lines end as browsers count them: a digest of a style block is taken over what they read.
    """
    part = next(mailbox.parts(found, kind), None)
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def calendars_of(found: EmailMessage) -> list[CalendarInWords]:
    """What the letter adds to a calendar or removes from it, with the part itself."""
    return [
        calendar_in_words(part.get_content(), method=str(part.get_param("method") or ""))
        for part in mailbox.parts(found, "text/calendar")
    ]


def frame_policy(html: str) -> str:
    """Nothing may load or run; the letter's own style blocks are allowed by their digests."""
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in STYLES.findall(html)
    )
    return (
        f"default-src 'none'; style-src {digests or chr(39) + 'none' + chr(39)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
