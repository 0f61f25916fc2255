"""Places at sessions to come of whoever leaves, and of whoever is back after all.

Somebody who withdraws or dies is taken off what lies ahead, and whoever moves to another cohort off what
is for the one they left, once; their places go down the waiting lists. Where that is undone, or they are
reinstated, they have back what they were taken off so.
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
"""What the history says of a place that somebody lost by leaving."""


def follow(people: Collection[int]) -> None:
    """Bring the places of these people into line once the change of their time is committed.

    Not before: a session is locked before its people, and they are locked now.
    """
    for pk in sorted(people):
        transaction.on_commit(partial(bring_into_line, pk))


def bring_into_line(pk: int) -> None:
    """Take somebody off the sessions to come that are not theirs; give back what is. Safe to repeat."""
    person = Person.objects.get_queryset().get(pk=pk)
    is_gone = person.died_on is not None or has_left(person)
    theirs = _ahead(person).filter(state__in=TAKEN_OFF)
    elsewhere = Q(session__in=_of_former_cohorts(person))
    with pghistory.context(**{LEFT: True}):
        for booking in theirs if is_gone else theirs.filter(elsewhere, ~Exists(_lost())):
            withdraw_booking(booking, by=None)
    if not is_gone:
        for booking in _lost_by_leaving(person).exclude(elsewhere):
            _give_back(booking)


def _of_former_cohorts(person: Person) -> SessionQuerySet:
    """Sessions for cohorts from which they were transferred, and for none in which they are."""
    times = person.participations.order_by()
    former = times.filter(state=Participation.State.TRANSFERRED).values("cohort")
    now = times.filter(state__in=Participation.CURRENT_STATES).values("cohort")
    return Session.objects.filter(cohorts__in=former).exclude(cohorts__in=now)


def _ahead(person: Person) -> BookingQuerySet:
    ahead = Booking.objects.filter(person=person, session__starts_at__gt=timezone.now())
    return ahead.select_related("session").order_by("session")


def _lost() -> QuerySet[Any]:
    """The events by which a booking was lost by leaving."""
    events = events_of(Booking).filter(pgh_obj=OuterRef("pk"), state=State.WITHDRAWN)
    return events.filter(pgh_context__metadata__has_key=LEFT)


def _lost_by_leaving(person: Person) -> BookingQuerySet:
    """The places that went with them last, each with how it stood before: `was`."""
    events = events_of(Booking).filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
    before = events.exclude(state=State.WITHDRAWN).values("state")[:1]
    gone = _ahead(person).filter(state=State.WITHDRAWN, session__state=Session.State.PUBLISHED)
    last = gone.annotate(was=Subquery(before), last=Subquery(events.values("pgh_id")[:1]))
    return last.filter(Exists(_lost().filter(pgh_id=OuterRef("last"))))


@transaction.atomic
def _give_back(booking: Booking) -> None:
    """As it stood, as far as places go: whoever had one or waited is first in line where all are taken."""
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
