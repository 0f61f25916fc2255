"""Giving feedback on a session: once, by people who came, within a fortnight."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dlp.errors import Refused
from training.feedback import SPOKEN_ENOUGH
from training.models import Booking, Feedback, Kind, Session
from training.operations import presenters

ASKED_FOR = timedelta(days=14)


@transaction.atomic
def give(booking: Booking, *, useful: int, will_try: str = "", would_change: str = "") -> Feedback:
    """Save somebody's feedback on a session. Nobody is told whose it is.

    Once enough have answered, each presenter gets one letter. Locks the session, so that the last
    of them sees the others, and the booking, so that it is given only once. Raises Refused as
    `why_not` says.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=booking.session_id)
    booking = (
        Booking.objects.select_for_update(of=("self",)).select_related("session").get(pk=booking.pk)
    )
    if why := why_not(booking):
        raise Refused(why)
    given = Feedback.objects.create(
        booking=booking, useful=useful, will_try=will_try, would_change=would_change
    )
    if Feedback.objects.filter(booking__session=session).count() == SPOKEN_ENOUGH:
        presenters.tell_what_was_said(session)
    return given


def why_not(booking: Booking) -> str:
    """Why somebody is not asked for feedback, in a sentence; empty if they are."""
    session, now = booking.session, timezone.now()
    if session.kind == Kind.SUPERVISION:
        return "What is said of supervision stays in the group."
    if not booking.came or not session.is_over:
        return "Whoever came is asked how it was, once it is over."
    if session.state != session.State.PUBLISHED:
        return "This session did not go ahead."
    if now > session.ends_at + ASKED_FOR:
        return "You could say how it was for 14 days. They are over."
    if Feedback.objects.filter(booking=booking).exists():
        return "You have said how it was. Thank you."
    return ""
