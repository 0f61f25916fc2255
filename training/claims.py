"""What somebody can do about a place at a session now: ask, wait, take an offer, answer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from cohorts.models import Person
from training import waiting
from training.models import Booking, Session

State = Booking.State


class Claim(NamedTuple):
    """What the page offers them.

    `way` is answer, sign up, join, taken, waiting, first come or offered.
    """

    way: str
    turn: int = 0
    """Their place in the line: 1 is next."""
    until: datetime | None = None
    """Until when they have an offer."""
    has_lapsed: bool = False


def claim_of(session: Session, person: Person, booking: Booking | None) -> Claim | None:
    """What this person can do now, whatever the last settling left undone; None for nothing."""
    if not session.is_ahead:
        return None
    if booking is None:
        is_open = Session.objects.open_to(person).filter(pk=session.pk).exists()
        return Claim(_way_in(session)) if is_open else None
    if booking.state == State.OFFERED and not booking.has_lapsed:
        return Claim("offered", until=booking.offer_ends_at)
    if booking.state == State.WAITING:
        return _in_line(session, booking)
    if booking.has_lapsed:
        return Claim(_way_in(session), has_lapsed=True)
    way = _way_in(session) if booking.state != State.COMING else "answer"
    return Claim("answer" if way == "sign up" else way)


def offers_to(person: Person) -> list[Booking]:
    """Places on offer to them, the one that ends first at the top."""
    return list(
        Booking.objects.filter(person=person, state=State.OFFERED, offer_ends_at__gt=timezone.now())
        .select_related("session")
        .order_by("offer_ends_at", "pk")
    )


def _way_in(session: Session) -> str:
    if not waiting.is_full(session):
        return "sign up"
    return "join" if waiting.is_open(session) else "taken"


def _in_line(session: Session, booking: Booking) -> Claim:
    if not waiting.is_open(session) and not waiting.is_full(session):
        return Claim("first come")
    line = list(session.bookings.in_line().values_list("pk", flat=True))
    return Claim("waiting", turn=line.index(booking.pk) + 1)
