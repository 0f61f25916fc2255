"""The waiting list of a session: free places, how long offers last, and why nobody got one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from dlp import words
from training.models import Booking, Session

State = Booking.State


def closes_at(session: Session) -> datetime:
    """From then on nobody is offered a place: free ones go to whoever comes first."""
    return session.starts_at - timedelta(hours=settings.WAITING_LIST_CLOSES_HOURS)


def is_open(session: Session) -> bool:
    """Whether places of this session are being offered."""
    return session.state == Session.State.PUBLISHED and timezone.now() < closes_at(session)


def offer_end(session: Session) -> datetime:
    """Until when an offer made now can be taken."""
    lasts = timedelta(hours=settings.WAITING_LIST_OFFER_HOURS)
    return min(timezone.now() + lasts, closes_at(session))


def places_left(session: Session) -> int | None:
    """Places that nobody has or is offered, not counting people who are away; None without a limit.

    Negative if places were removed while people had them; they keep theirs.
    """
    if session.capacity is None:
        return None
    return session.capacity - session.bookings.holding().count()


def is_full(session: Session) -> bool:
    left = places_left(session)
    return left is not None and left <= 0


def why_nobody(session: Session) -> str:
    """Why nobody on the list is offered a place now, as a sentence for staff; empty if none waits."""
    waiting = session.bookings.in_line().count()
    if not waiting or session.has_begun:
        return ""
    if session.state != Session.State.PUBLISHED:
        return f"Nobody is offered a place while the session is {session.state}."
    held = list(session.bookings.holding().values_list("offer_ends_at", flat=True))
    if session.capacity is not None and len(held) >= session.capacity:
        return _no_place(session, held)
    if not is_open(session):
        since = words.moment(closes_at(session))
        return f"Offers ended on {since}. What is free goes to whoever comes first; all were told."
    return f"{words.count(waiting, 'person waits and is', 'people wait and are')} away for now."


def beyond(session: Session) -> Sequence[Booking]:
    """The bookings beyond the number of places, the last to say yes; none while there are enough."""
    left = places_left(session)
    if left is None or left >= 0:
        return []
    late = session.bookings.holding().filter(state=State.COMING).select_related("person")
    return list(late.order_by("-replied_at", "-pk")[:-left])


def _no_place(session: Session, held: Sequence[datetime | None]) -> str:
    """All places are taken; `held` says until when offered ones are."""
    ends = sorted(filter(None, held))
    taken = f"All {session.capacity} places are taken"
    too_many = len(held) - (session.capacity or 0)
    if too_many > 0:
        people = words.count(too_many, "person has", "people have")
        taken = f"{people} a place more than there are"
    if not ends:
        return f"{taken}. The next place that is given up is offered."
    until = words.moment(ends[0])
    return f"{taken}, {len(ends)} of them offered. The first offer ends on {until}."
