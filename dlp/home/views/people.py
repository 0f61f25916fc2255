"""The page of one person."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.permissions import can_change_programme, can_read_reasons
from dlp.home import permissions
from dlp.home.parts import people
from dlp.http import Request


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """For staff; to anybody else no such page exists, not even their own."""
    if not permissions.can_see_desk(request.user):
        raise Http404
    now = timezone.now()
    context = {
        "page": people.page(request.user, pk, now),
        "today": timezone.localdate(now),
        "can_change": can_change_programme(request.user),
        "can_read_reasons": can_read_reasons(request.user),
    }
    return render(request, "home/person.html", context)
