"""The page of one school, and everything that happened there."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.permissions import can_change_programme
from dlp.home import permissions
from dlp.home.forms import TimelineFilter
from dlp.home.parts import schools
from dlp.http import Request
from dlp.timeline import Timeline
from placements.models import School
from placements.models.closed_days import closed_from

A_PAGE = 50


def _found(request: Request, pk: int) -> School:
    if not permissions.can_see_desk(request.user):
        raise Http404
    schools = School.objects.visible_to(request.user).for_display()
    known = schools.select_related("profile__confirmed_by")
    return get_object_or_404(known.annotate(closed=closed_from(timezone.localdate())), pk=pk)


@require_safe
def school(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    context = {
        "page": schools.page(request.user, found, timezone.localdate()),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/school.html", context)


@require_safe
def school_timeline(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    happened = Timeline(request.user, found, of="school")
    form = TimelineFilter(request.GET, kinds=happened.kinds())
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    context = {
        "school": found,
        "form": form,
        "is_filtered": bool(kind),
        "page": happened.page(kind, request.GET.get("page"), A_PAGE),
    }
    return render(request, "home/school_timeline.html", context)
