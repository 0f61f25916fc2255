"""The real people on whom the words of letters about sessions are tried."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from cohorts.samples import three_of
from dlp.outbox.models import Message
from dlp.outbox.wording import Sample
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.reminders import CALLED_OFF, SUBJECT


def people_invited() -> list[Sample]:
    """On sessions to come."""
    ahead = Session.objects.published().filter(starts_at__gt=timezone.now())
    on_them = Booking.objects.filter(session__in=ahead, state__in=Booking.LIVE_STATES)
    return _samples(on_them.order_by("session__starts_at"), "Nobody is on a session to come.")


def people_called_off() -> list[Sample]:
    """On sessions that were cancelled or postponed."""
    on_them = Booking.objects.filter(session__state__in=CALLED_OFF)
    return _samples(
        on_them.order_by("-session__starts_at"), "No session is cancelled or postponed."
    )


def _samples(bookings: BookingQuerySet, nobody: str) -> list[Sample]:
    people = Person.objects.get_queryset().filter(pk__in=bookings.order_by().values("person"))
    found = []
    for chosen in three_of(people):
        booking = bookings.filter(person=chosen.person).first() if chosen.person else None
        found.append(Sample(chosen.who, _about(booking) if booking else None, chosen.note))
    return found if any(one.message for one in found) else [Sample("Nobody", None, nobody)]


def _about(booking: Booking) -> Message:
    """A letter that is never sent."""
    session: Session = booking.session
    return Message(
        person=booking.person,
        subject_kind=SUBJECT,
        subject_id=session.pk,
        revision=session.revision,
    )
