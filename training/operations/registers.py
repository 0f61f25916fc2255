"""Taking the register. A blank mark is never a present one; every mark keeps who made it and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from training import requirements
from training.models import Booking, Session

Attendance = Booking.Attendance


@transaction.atomic
def mark(booking: Booking, attendance: str, *, by: Person) -> Booking:
    """Write down how somebody attended; an empty mark takes back a wrong one, and history keeps it.

    The same mark again changes nothing. Raises Refused before the session begins, if it does not
    go ahead, once the days for corrections are over, and for an empty one in a closed register.
    """
    mark_many(booking.session, {booking.pk: attendance}, by=by)
    booking.refresh_from_db(fields=["attendance", "marked_at", "marked_by"])
    return booking


@transaction.atomic
def mark_many(session: Session, marks: Mapping[int, str], *, by: Person) -> int:
    """Write down marks by booking; return how many changed. Locks the bookings. Raises as mark."""
    _check_open(session)
    if session.register_closed_at and "" in marks.values():
        raise Refused("The register is closed. Open it again to take a mark back.")
    asked = session.bookings.select_for_update(of=("self",)).exclude(state=Booking.State.WITHDRAWN)
    changed = []
    for booking in asked.filter(pk__in=marks.keys()):
        if booking.attendance != marks[booking.pk]:
            booking.attendance = marks[booking.pk] and Attendance(marks[booking.pk])
            booking.marked_at = timezone.now() if booking.attendance else None
            booking.marked_by = by if booking.attendance else None
            changed.append(booking)
    Booking.objects.bulk_update(changed, ["attendance", "marked_at", "marked_by"])
    if changed:
        requirements.report(Booking.objects.filter(pk__in=[one.pk for one in changed]))
    return len(changed)


@transaction.atomic
def mark_rest_present(session: Session, *, by: Person) -> int:
    """Mark as present everybody who is expected and has no mark; return how many.

    Who said that they cannot come keeps a blank. Raises Refused as mark does.
    """
    session = _locked(session)
    _check_open(session)
    marked = unmarked(session).update(
        attendance=Attendance.PRESENT, marked_at=timezone.now(), marked_by=by
    )
    requirements.report(session.bookings.all())
    return marked


@transaction.atomic
def close_register(session: Session, *, by: Person) -> Session:
    """Say that the register is complete. Repeating it changes nothing.

    Raises Refused as mark does, and while somebody who is expected has no mark.
    """
    session = _locked(session)
    if session.register_closed_at:
        return session
    _check_open(session)
    left = unmarked(session).count()
    if left:
        who = "1 person is" if left == 1 else f"{left} people are"
        raise Refused(f"{who} not marked yet. Blank is never present: mark everybody, then close.")
    session.register_closed_at = timezone.now()
    session.register_closed_by = by
    session.save(update_fields=["register_closed_at", "register_closed_by"])
    return session


@transaction.atomic
def reopen_register(session: Session, *, by: Person) -> Session:
    """Take the closing back. Repeating it changes nothing; the days for corrections bind it too."""
    session = _locked(session)
    if not session.register_closed_at:
        return session
    _check_open(session)
    session.register_closed_at = None
    session.register_closed_by = None
    session.save(update_fields=["register_closed_at", "register_closed_by"])
    return session


def unmarked(session: Session) -> QuerySet[Booking]:
    """Bookings of people who are expected and whom the register says nothing about.

    Nobody expects who is away, has left or has died; whoever of them came is marked by hand.
    """
    return session.bookings.live().written_to().filter(attendance="")


def is_open(session: Session) -> bool:
    """Whether marks may be made now."""
    return why_shut(session) == ""


def why_shut(session: Session) -> str:
    """Why no mark may be made now, in a sentence; empty when one may."""
    now = timezone.now()
    if session.state != Session.State.PUBLISHED:
        return "This session does not go ahead, so it has no register."
    if now < session.starts_at:
        return "The register opens when the session begins."
    if now > session.ends_at + timedelta(days=settings.REGISTER_CORRECTION_DAYS):
        return (
            f"Marks can be corrected for {settings.REGISTER_CORRECTION_DAYS} days after a session. "
            "They are over."
        )
    return ""


def _check_open(session: Session) -> None:
    if why := why_shut(session):
        raise Refused(why)


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
