"""Certificates of attendance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dlp.audit.operations import note_reading
from dlp.http import Request
from training.attendance_certificate import certificate_of
from training.models import Booking, Kind


@require_safe
def attendance_certificate(request: Request, pk: int) -> HttpResponse:
    """For the person and staff, once the register is closed and says they came.

    Never for supervision.
    """
    bookings = Booking.objects.visible_to(request.user).filter(
        attendance__in=Booking.CAME, session__register_closed_at__isnull=False
    )
    if not request.user.is_staff:
        bookings = bookings.filter(person=request.user)
    booking = get_object_or_404(
        bookings.exclude(session__kind=Kind.SUPERVISION).select_related("session", "person"), pk=pk
    )
    note_reading(
        booking, by=request.user, purpose="Certificate of attendance", about=booking.person
    )
    response = HttpResponse(certificate_of(booking), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(
        True, f"attendance-{booking.session.starts_on}.pdf"
    )
    return response
