"""Catching up: a later session of the same course or requirement makes up for a missed one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from dlp.errors import Refused
from training import requirements
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.requirements import counts_for

MISSED = (Booking.Attendance.ABSENT, Booking.Attendance.EXCUSED)
STANDS = (Booking.State.INVITED, Booking.State.COMING)


@transaction.atomic
def make_up(booking: Booking, missed: Booking) -> Booking:
    """Let a place at one session make up for a session that its person missed.

    Once they came, the missed one no longer counts, and the later one counts once. Repeating it
    changes nothing. Raises Refused unless `can_make_up` finds it.
    """
    list(Booking.objects.select_for_update().filter(pk__in=[booking.pk, missed.pk]).order_by("pk"))
    booking.refresh_from_db()
    missed.refresh_from_db()
    if booking.makes_up_id == missed.pk:
        return booking
    if not can_make_up(missed).filter(pk=booking.pk).exists():
        raise Refused("That session cannot make up for this one: it is of another course.")
    let_go(missed)
    booking.makes_up = missed
    booking.save(update_fields=["makes_up"])
    requirements.report(Booking.objects.filter(pk__in=[booking.pk, missed.pk]))
    return booking


@transaction.atomic
def let_go(missed: Booking) -> None:
    """Undo that a session makes up for a missed one. Repeating it changes nothing."""
    if Booking.objects.filter(makes_up=missed).update(makes_up=None):
        requirements.report(Booking.objects.filter(pk=missed.pk))


def can_make_up(missed: Booking) -> BookingQuerySet:
    """The person's places at later sessions of the same course or requirement; none if they came."""
    sessions = Session.objects.annotate(counts_as=counts_for("key"))
    of = sessions.get(pk=missed.session_id)
    alike = sessions.published().filter(starts_at__gt=of.starts_at)
    same = Q(course=of.course_id) if of.course_id else Q(pk__in=[])
    if of.counts_as:
        same |= Q(counts_as=of.counts_as)
    if missed.attendance not in MISSED:
        return Booking.objects.none()
    free = Q(makes_up=None) | Q(makes_up=missed)
    stands = Q(state__in=STANDS, attendance="") | Q(attendance__in=Booking.CAME)
    return Booking.objects.filter(
        free, stands, person=missed.person_id, session__in=alike.filter(same)
    )
