"""The sessions as a list, a month or a week."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cohorts.guards import changing_programme
from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp.asking import act
from dlp.http import Request
from training.days import weeks
from training.forms import CalendarFilter
from training.models import Booking, Kind, Series, Session, SignUp
from training.models.sessions import SessionQuerySet
from training.operations import series as operations

A_PAGE = 24
MOST_BY_DAY = 300
TOLD = (
    "kind", "title", "state", "starts_on", "starts_at", "ends_at", "mode", "venue_name", "capacity",
    "sign_up", "register_closed_at", "group__name", "group__supervisor__full_name",
    "group__supervisor__known_as",
)  # fmt: skip
"""The columns of a session that a row shows."""


@require_safe
def calendar(request: Request) -> HttpResponse:
    filters = CalendarFilter(request.GET, person=request.user)
    sessions = filters.narrow(Session.objects.visible_to(request.user))
    if filters.span:
        return _by_day(request, filters, sessions)
    page = Paginator(in_rows(sessions, request.user), A_PAGE).get_page(request.GET.get("page"))
    mark_next(page, request.user)
    return render(
        request,
        "training/calendar.html",
        {
            "filters": filters,
            "page": page,
            "can_change": can_change_programme(request.user),
        },
    )


def in_rows(sessions: SessionQuerySet, viewer: Person) -> SessionQuerySet:
    """Sessions with what their rows show: the viewer's own answer, and for staff how many come."""
    mine = viewer.bookings.exclude(state=Booking.State.WITHDRAWN)
    listed = sessions.select_related("group__supervisor").only(*TOLD)
    if viewer.is_staff:
        listed = listed.with_counts()
    shown: SessionQuerySet = listed.prefetch_related(
        Prefetch("bookings", queryset=mine, to_attr="mine")
    )
    return shown


def _by_day(request: Request, filters: CalendarFilter, sessions: SessionQuerySet) -> HttpResponse:
    """A month or a week, with a limit on sessions so that the page stays bounded."""
    span, view = filters.span, filters.cleaned_data["view"]
    assert span is not None  # noqa: S101  the caller asked
    shown = list(sessions.for_display()[: MOST_BY_DAY + 1])
    month = (span.after - timedelta(days=1)).month if view == "month" else None
    context = {
        "filters": filters,
        "span": span,
        "weeks": weeks(span, shown[:MOST_BY_DAY], today=timezone.localdate(), month=month),
        "view": view,
        "has_any": bool(shown),
        "kinds": Kind.choices,
        "is_cut": len(shown) > MOST_BY_DAY,
        "can_change": can_change_programme(request.user),
    }
    return render(request, "training/calendar_days.html", context)


def mark_next(page: Page, person: Person) -> None:
    """Mark the first session that this person attends or leads as their next."""
    now = timezone.now()
    ahead = (one for one in page if one.ends_at >= now and one.state == Session.State.PUBLISHED)
    if not person.is_staff and page.number == 1:
        for session in ahead:
            if not session.mine and session.sign_up != SignUp.INVITED:
                continue  # one of those they might still sign up for
            if not any(one.state == Booking.State.NOT_COMING for one in session.mine):
                session.is_next = True
                return


@require_safe
def series(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Series.objects.visible_to(request.user), pk=pk)
    sessions = list(found.sessions.visible_to(request.user).for_display().with_counts())
    return render(
        request,
        "training/series.html",
        {
            "series": found,
            "sessions": sessions,
            "can_change": can_change_programme(request.user),
            "draft_count": sum(each.state == Session.State.DRAFT for each in sessions),
        },
    )


@require_POST
@changing_programme
def series_publish(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Series.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: operations.publish_series(found),
        said=lambda published: f"{len(published)} published; everybody they are for is invited.",
        back=reverse("training:series", args=[pk]),
    )
