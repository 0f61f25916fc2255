"""Answering from a letter: the session and two buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dlp.errors import Refused
from training.claims import claim_of
from training.letters.sessions import REPLY, title_of
from training.models import Booking
from training.operations import bookings as operations
from training.views.from_letters import answer_given, opened_by_link
from training.views.replies import sentences


def _booking(ids: dict[str, Any]) -> Booking | None:
    known = Booking.objects.select_related("session__venue", "person")
    return known.filter(pk=ids["booking"]).first()


@opened_by_link(REPLY, _booking, gone="The invitation that this link answers is no longer there.")
def letter_reply(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
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


def _answer(request: HttpRequest, booking: Booking) -> None:
    answer = answer_given(request, unsaid="Choose whether you are coming.")
    if answer is None:
        return
    coming, reason = answer
    try:
        given = operations.reply(booking, coming=coming, reason=reason, via=Booking.Via.LETTER)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    for sentence in sentences(given, in_letter=True):
        messages.success(request, sentence)
