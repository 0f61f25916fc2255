"""The page of one school."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.permissions import can_change_programme
from dlp.home import permissions
from dlp.home.parts import schools
from dlp.http import Request
from placements.models import School


@require_safe
def school(request: Request, pk: int) -> HttpResponse:
    if not permissions.can_see_desk(request.user):
        raise Http404
    found = get_object_or_404(School.objects.visible_to(request.user).for_display(), pk=pk)
    context = {
        "page": schools.page(request.user, found, timezone.localdate()),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/school.html", context)
