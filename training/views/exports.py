"""Exports of sessions, of people asked to them, and of groups."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cohorts.guards import only_staff
from dlp.exports import hand_out
from dlp.http import Request
from training import listing, permissions
from training.forms import CalendarFilter
from training.models import Booking, GroupMember, Session
from training.models.sessions import SessionQuerySet
from training.turnout import turnout


@require_safe
def sessions_export(request: Request) -> StreamingHttpResponse:
    found = _listed(request)
    return hand_out(
        request,
        "sessions",
        listing.SESSIONS_HEADER,
        listing.session_rows(found),
        count=found.count(),
    )


@require_safe
def attendance_export(request: Request) -> StreamingHttpResponse:
    """Who was asked to each session of the list, and who came."""
    of_listed = Booking.objects.visible_to(request.user).standing()
    found = of_listed.filter(session__in=_listed(request).order_by().values("pk"))
    return hand_out(
        request,
        "attendance",
        listing.BOOKINGS_HEADER,
        listing.booking_rows(found),
        count=found.count(),
    )


@require_safe
def bookings_export(request: Request, pk: int) -> StreamingHttpResponse:
    """Who was asked to one session, or those of them that its page shows."""
    found = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("group"), pk=pk
    )
    if not permissions.can_see_bookings(request.user, found):
        raise PermissionDenied("Only whoever leads a session, and programme staff, see who comes.")
    shown = turnout(found, request.GET.get("who", ""), viewer=request.user)
    rows = listing.booking_rows(shown.shown)
    return hand_out(request, "bookings", listing.BOOKINGS_HEADER, rows, count=shown.shown_count)


@require_safe
def groups_export(request: Request) -> StreamingHttpResponse:
    only_staff(request.user)
    return hand_out(
        request,
        "supervision groups",
        listing.MEMBERS_HEADER,
        listing.member_rows(request.user),
        count=GroupMember.objects.visible_to(request.user).count(),
    )


def _listed(request: Request) -> SessionQuerySet:
    only_staff(request.user)
    filters = CalendarFilter(request.GET, person=request.user)
    return filters.narrow(Session.objects.visible_to(request.user))
