"""Real people on whom staff try out the wording of letters about sessions."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from cohorts.models.people import PersonQuerySet
from cohorts.samples import Chosen, three_of
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Sample
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.models.sessions import SessionQuerySet
from training.reminders import SUBJECT


def people_invited() -> list[Sample]:
    """People on future sessions; somebody hard to address from any session, if there is none."""
    held = Session.objects.published()
    ahead = held.filter(starts_at__gt=timezone.now())
    return _samples(
        Booking.objects.filter(session__in=ahead, state__in=Booking.LIVE_STATES),
        Booking.objects.filter(session__in=held, state__in=Booking.LIVE_STATES),
        nobody="Nobody is on a session to come.",
    )


def people_in_line() -> list[Sample]:
    """People on the waiting lists of future sessions."""
    ahead = Session.objects.published().filter(starts_at__gt=timezone.now())
    waiting = Booking.objects.filter(session__in=ahead, state__in=Booking.IN_LINE)
    return _samples(waiting, waiting, nobody="Nobody waits for a place.")


def people_called_off() -> list[Sample]:
    """People on sessions that were cancelled or postponed."""
    on_them = Booking.objects.filter(session__state__in=Session.CALLED_OFF)
    return _samples(on_them, on_them, nobody="No session is cancelled or postponed.")


def people_who_lead() -> list[Sample]:
    """People who lead future sessions."""
    ahead = Session.objects.published().filter(starts_at__gt=timezone.now())
    return _leading(ahead, nobody="Nobody leads a session to come.")


def people_who_led() -> list[Sample]:
    """People who were to lead sessions that were cancelled or postponed."""
    off = Session.objects.filter(state__in=Session.CALLED_OFF)
    return _leading(off, nobody="Nobody was to lead a session that is cancelled or postponed.")


def _leading(sessions: SessionQuerySet, *, nobody: str) -> list[Sample]:
    leading = Session.facilitators.through.objects.filter(session__in=sessions.values("pk"))
    leaders = Person.objects.get_queryset().filter(pk__in=leading.values("person"))
    found = [_led(one, sessions) for one in three_of(leaders)]
    return found if any(one.message for one in found) else [Sample("Nobody", None, nobody)]


def _led(chosen: Chosen, sessions: SessionQuerySet) -> Sample:
    """A letter for trial only, about the next session they lead."""
    if chosen.person is None:
        return Sample(chosen.who, None, chosen.note)
    session = sessions.filter(facilitators=chosen.person).order_by("starts_at")[:1].get()
    return Sample(chosen.who, _about(chosen.person, session), chosen.note)


def _samples(bookings: BookingQuerySet, others: BookingQuerySet, *, nobody: str) -> list[Sample]:
    chosen = three_of(_people_of(bookings), else_of=_people_of(others))
    found = [_sample(one, bookings, others) for one in chosen]
    return found if any(one.message for one in found) else [Sample("Nobody", None, nobody)]


def _people_of(bookings: BookingQuerySet) -> PersonQuerySet:
    return Person.objects.get_queryset().filter(pk__in=bookings.values("person"))


def _sample(chosen: Chosen, bookings: BookingQuerySet, others: BookingQuerySet) -> Sample:
    """A letter for trial only, about their next session, else their latest."""
    if chosen.person is None:
        return Sample(chosen.who, None, chosen.note)
    booking = (
        bookings.filter(person=chosen.person).order_by("session__starts_at").first()
        or others.filter(person=chosen.person).order_by("-session__starts_at")[:1].get()
    )
    session: Session = booking.session
    message = _about(booking.person, session)
    note = "They are on no session to come: this one is over." if session.is_over else ""
    return Sample(chosen.who, message, " ".join(filter(None, [chosen.note, note])))


def _about(person: Person, session: Session) -> Message:
    return Message(
        person=person,
        subject_kind=SUBJECT,
        subject_id=session.pk,
        revision=session.revision,
    )
