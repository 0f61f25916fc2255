"""The future bookings of people who leave the programme, and of those who return.

Somebody who withdraws or dies is removed from what lies ahead, and somebody who transfers from the
sessions of their former cohort alone; their places go to the waiting lists. If that is undone or
they are reinstated, they get those bookings back.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp.news import events_of
from training import reminders, requirements, waiting
from training.feed import has_left
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.models.sessions import SessionQuerySet
from training.operations import waiting as settling
from training.operations.bookings import withdraw_booking

State = Booking.State
TAKEN_OFF = Booking.LIVE_STATES | Booking.IN_LINE
LEFT = "left"
"""The label of a history event by which somebody lost a place by leaving."""


def follow(people: Collection[int]) -> None:
    """Update these people's bookings once the change of their participation is committed.

    Not before: a session is locked before its people, and they are locked now.
    """
    for pk in sorted(people):
        transaction.on_commit(partial(bring_into_line, pk))


def bring_into_line(pk: int) -> None:
    """Remove somebody from future sessions that are no longer theirs; restore those that are.

    Safe to repeat.
    """
    person = Person.objects.get_queryset().get(pk=pk)
    is_gone = person.died_on is not None or has_left(person)
    theirs = _ahead(person).filter(state__in=TAKEN_OFF)
    elsewhere = Q(session__in=_of_former_cohorts(person))
    with pghistory.context(**{LEFT: True}):
        for booking in theirs if is_gone else theirs.filter(elsewhere, ~Exists(_lost())):
            withdraw_booking(booking)
    if not is_gone:
        for booking in _lost_by_leaving(person).exclude(elsewhere):
            _give_back(booking)


def _of_former_cohorts(person: Person) -> SessionQuerySet:
    """Sessions for cohorts they were transferred from, and for none that they are in."""
    times = person.participations.order_by()
    former = times.filter(state=Participation.State.TRANSFERRED).values("cohort")
    now = times.filter(state__in=Participation.CURRENT_STATES).values("cohort")
    return Session.objects.filter(cohorts__in=former).exclude(cohorts__in=now)


def _ahead(person: Person) -> BookingQuerySet:
    ahead = Booking.objects.filter(person=person, session__starts_at__gt=timezone.now())
    return ahead.select_related("session").order_by("session")


def _lost() -> QuerySet[Any]:
    """The history events by which bookings were lost by leaving."""
    events = events_of(Booking).filter(pgh_obj=OuterRef("pk"), state=State.WITHDRAWN)
    return events.filter(pgh_context__metadata__has_key=LEFT)


def _lost_by_leaving(person: Person) -> BookingQuerySet:
    """Bookings last lost by leaving, each with its state before: `was`."""
    events = events_of(Booking).filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
    before = events.exclude(state=State.WITHDRAWN).values("state")[:1]
    gone = _ahead(person).filter(state=State.WITHDRAWN, session__state=Session.State.PUBLISHED)
    last = gone.annotate(was=Subquery(before), last=Subquery(events.values("pgh_id")[:1]))
    return last.filter(Exists(_lost().filter(pgh_id=OuterRef("last"))))


@transaction.atomic
def _give_back(booking: Booking) -> None:
    """Restore a booking as far as places go; if all are taken, they are first in line."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=booking.session_id)
    was = booking.was  # type: ignore[attr-defined]
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
