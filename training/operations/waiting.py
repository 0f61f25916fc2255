"""The waiting list. Offers are made and ended here, and nowhere else.

A free place is offered to whoever joined the list first and may be written to, for two days or
until a day before the start, whichever is sooner. Whoever lets a full offer pass leaves the list.
If the start cut the offer short they stay on it, and are told with the others that a place is free.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from training import reminders, waiting
from training.models import Booking, Session

State = Booking.State


def settle(session: Session) -> bool:
    """End offers that are over and make new ones; return whether anything changed.

    Call it with the session locked, and plan its letters if something did. Repeating it changes
    nothing.
    """
    ended = _end_offers(session)
    return _use_free_places(session) or ended


def settle_all() -> int:
    """Settle every future session with a waiting list; return how many changed.

    One transaction each. Sessions that somebody else has locked are skipped: they settle
    themselves.
    """
    in_line = Booking.objects.filter(state__in=Booking.IN_LINE).values("session")
    ahead = Session.objects.filter(pk__in=in_line, starts_at__gt=timezone.now())
    return sum(map(_settle_one, ahead.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _settle_one(pk: int) -> bool:
    free = Session.objects.select_for_update(of=("self",), skip_locked=True)
    session = free.filter(pk=pk).first()
    if session is None or not settle(session):
        return False
    reminders.plan(session)
    return True


def _end_offers(session: Session) -> bool:
    """End offers that were not taken or cannot stand; none outlasts the list."""
    now, closes, is_open = timezone.now(), waiting.closes_at(session), waiting.is_open(session)
    changed = []
    for booking in session.bookings.filter(state=State.OFFERED).with_reach().order_by("pk"):
        ends_at = booking.offer_ends_at
        if ends_at is not None and ends_at <= now and ends_at < closes:
            booking.state, booking.offer_ends_at = State.LAPSED, None
        elif not is_open or not booking.may_be_written_to:
            booking.state, booking.offer_ends_at = State.WAITING, None
        elif ends_at is not None and ends_at > closes:
            booking.offer_ends_at = closes
        else:
            continue
        changed.append(booking)
    Booking.objects.bulk_update(changed, ["state", "offer_ends_at"])
    return bool(changed)


def _use_free_places(session: Session) -> bool:
    """Offer free places down the list; once it has closed, tell everybody on it instead."""
    if session.state != Session.State.PUBLISHED or session.has_begun:
        return False
    if not waiting.is_open(session):
        return _give_to_the_first(session)
    reopened = session.first_come_at is not None
    if reopened:
        session.first_come_at = None
        session.save(update_fields=["first_come_at"])
    left = waiting.places_left(session)
    if left is not None and left <= 0:
        return reopened
    offered = list(session.bookings.in_line().reached()[:left])
    for booking in offered:
        booking.state, booking.offer_ends_at = State.OFFERED, waiting.offer_end(session)
    Booking.objects.bulk_update(offered, ["state", "offer_ends_at"])
    return reopened or bool(offered)


def _give_to_the_first(session: Session) -> bool:
    """Note, once, that a place is free for whoever is first, so that those who wait are told."""
    if session.first_come_at is not None or waiting.is_full(session):
        return False
    if not session.bookings.in_line().written_to().exists():
        return False
    session.first_come_at = timezone.now()
    session.save(update_fields=["first_come_at"])
    return True
