"""Answering from a letter, signed in or not: GET shows the session and two buttons, POST acts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dlp.errors import Refused
from dlp.signin import links
from training.claims import claim_of
from training.letters.sessions import REPLY, title_of
from training.models import Booking
from training.operations import bookings as operations
from training.views.replies import sentences


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_reply(request: HttpRequest, token: str) -> HttpResponse:
    """The token stands for one booking, whoever follows it, and opens nothing but this page."""
    try:
        booking = _booking(token)
    except links.LinkProblem as problem:
        return render(request, "training/letter_reply_gone.html", {"why": problem}, status=410)
    if request.method == "POST":
        _answer(request, booking)
        return redirect("training:letter_reply", token=token)
    session = booking.session
    context = {
        "booking": booking,
        "session": session,
        "title": title_of(session),
        "asked": request.GET.get("answer", ""),
        "is_open": session.is_ahead and booking.state != Booking.State.WITHDRAWN,
        "claim": claim_of(session, booking.person, booking),
    }
    return render(request, "training/letter_reply.html", context)


def _booking(token: str) -> Booking:
    found = Booking.objects.filter(pk=links.read(token, REPLY)["booking"])
    booking = found.select_related("session__venue", "person").first()
    if booking is None:
        raise links.LinkProblem("The invitation that this link answers is no longer there.")
    return booking


def _answer(request: HttpRequest, booking: Booking) -> None:
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        messages.error(request, "Choose whether you are coming.")
        return
    try:
        given = operations.reply(
            booking,
            coming=answer == "yes",
            reason=request.POST.get("reason", "").strip()[:200],
            via=Booking.Via.LETTER,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    for sentence in sentences(given, in_letter=True):
        messages.success(request, sentence)
