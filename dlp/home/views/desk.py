"""The staff desk."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.permissions import can_change_programme
from dlp.home import permissions
from dlp.home.parts import desk as parts
from dlp.home.parts import news
from dlp.http import Request


@require_safe
def desk(request: Request) -> HttpResponse:
    if not permissions.can_see_desk(request.user):
        raise PermissionDenied("The desk is for programme staff.")
    area, whose = request.GET.get("area", ""), request.GET.get("whose", "")
    now = timezone.now()
    context = {
        "desk": parts.desk(request.user, now, area, whose),
        "news": news.part(request.user, ["staff"], now),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/desk.html", context)
