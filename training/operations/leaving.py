"""Places at sessions to come of whoever leaves, and of whoever is back after all.

Somebody who withdraws or dies is taken off what lies ahead, and their places go down the waiting lists.
Where that is undone, or they are reinstated, they have back what they were taken off so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

import pghistory
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from cohorts.models import Person
from dlp.news import events_of
from training import reminders, requirements, waiting
from training.feed import has_left
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.operations import waiting as settling
from training.operations.bookings import withdraw_booking

State = Booking.State
TAKEN_OFF = Booking.LIVE_STATES | Booking.IN_LINE
LEFT = "left"
"""What the history says of a place that somebody lost by leaving."""


def follow(people: Collection[int]) -> None:
    """Bring the places of these people into line once the change of their time is committed.

    Not before: a session is locked before its people, and they are locked now.
    """
    for pk in sorted(people):
        transaction.on_commit(partial(bring_into_line, pk))


def bring_into_line(pk: int) -> None:
    """Take somebody who is gone off the sessions to come; give back to who is not. Safe to repeat."""
    person = Person.objects.get_queryset().get(pk=pk)
    if person.died_on is not None or has_left(person):
        with pghistory.context(**{LEFT: True}):
            for booking in _ahead(person).filter(state__in=TAKEN_OFF):
                withdraw_booking(booking, by=None)
        return
    for booking, was in _lost_by_leaving(person):
        _give_back(booking, was)


def _ahead(person: Person) -> BookingQuerySet:
    ahead = Booking.objects.filter(person=person, session__starts_at__gt=timezone.now())
    return ahead.select_related("session").order_by("session")


def _lost_by_leaving(person: Person) -> Iterator[tuple[Booking, str]]:
    """The places that went with them, each with how it stood before."""
    events = events_of(Booking).filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
    before = events.exclude(state=State.WITHDRAWN).values("state")[:1]
    said = events.values("pgh_context__metadata")[:1]
    lost = _ahead(person).filter(state=State.WITHDRAWN, session__state=Session.State.PUBLISHED)
    for booking in lost.annotate(was=Subquery(before), said=Subquery(said)):
        if (booking.said or {}).get(LEFT):
            yield booking, booking.was


@transaction.atomic
def _give_back(booking: Booking, was: str) -> None:
    """As it stood, as far as places go: whoever had one or waited is first in line where all are taken."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=booking.session_id)
    if was == State.INVITED:
        booking.state = State.INVITED
    elif was == State.COMING and not waiting.is_full(session):
        booking.state = State.COMING
    else:
        booking.state = State.WAITING
        booking.signed_up_at = booking.signed_up_at or booking.booked_at
    booking.save(update_fields=["state", "signed_up_at"])
    settling.settle(session)
    reminders.plan(session)
    requirements.report(Booking.objects.filter(pk=booking.pk))
