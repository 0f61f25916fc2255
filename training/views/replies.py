"""Answering an invitation, signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from dlp.errors import Refused
from dlp.http import Request, safe_redirect
from training import clashes
from training.models import Booking, Session
from training.operations import bookings as operations
from training.operations.bookings import Reply
from training.views.from_letters import answer_given

State = Booking.State
LEFT: dict[str, str] = {
    State.OFFERED: "You let the place go. It is offered to whoever waits next.",
    State.WAITING: "You left the waiting list.",
}
ANSWERED = "dlp-answered"
"""The event after an answer, so that parts of the page that count answers reload."""


@require_POST
def sign_up(request: Request, pk: int) -> HttpResponse:
    """Sign up for a place, or for the waiting list."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    try:
        given = operations.sign_up(session, request.user, via=Booking.Via.PORTAL)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        for sentence in sentences(given):
            messages.success(request, sentence)
    return safe_redirect(request, request.POST.get("next"), fallback=session.get_absolute_url())


@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    booking = get_object_or_404(session.bookings.filter(person=request.user))
    answer = answer_given(request, unsaid="Choose whether you are coming.")
    if answer is not None:
        coming, reason = answer
        try:
            given = operations.reply(booking, coming=coming, reason=reason, via=Booking.Via.PORTAL)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            for sentence in sentences(given):
                messages.success(request, sentence)
    booking = session.bookings.select_related("session").get(pk=booking.pk)
    came_from = request.POST.get("next")
    if request.htmx:
        on_its_page = came_from == session.get_absolute_url()
        known = {"booking": booking, "on_its_page": on_its_page}
        return trigger_client_event(render(request, "training/_replied.html", known), ANSWERED)
    return safe_redirect(request, came_from, fallback=session.get_absolute_url())


def sentences(given: Reply, *, in_letter: bool = False) -> list[str]:
    """What to say after an answer, with their sessions elsewhere shortly before or after."""
    if given.adds_reason:
        return ["Your reason is saved." if given.booking.reply_reason else "Your reason is erased."]
    if given.booking.state == State.NOT_COMING:
        return [LEFT.get(given.was, "You are not coming. Your place is free for somebody else.")]
    if given.booking.state == State.WAITING:
        return ["You are on the waiting list. We write to you when a place is free."]
    via = Booking.Via.LETTER if in_letter else Booking.Via.PORTAL
    near = [
        f"Near it you are due in another place: {clashes.says(other, via=via)}."
        for other in given.near
    ]
    taken = "The place is yours. " if given.was == State.OFFERED else ""
    return [f"{taken}You are coming.", *near]
