"""How letters are doing, for staff."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dlp.http import Request
from dlp.outbox import permissions
from dlp.outbox.watch import gauges


@require_safe
def watch(request: Request) -> HttpResponse:
    if not permissions.can_see_messages(request.user):
        raise PermissionDenied("Only programme staff look after letters.")
    return render(request, "outbox/watch.html", {"watch": gauges.watch()})
