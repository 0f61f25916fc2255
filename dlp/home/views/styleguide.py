"""The styleguide: the components of our pages, in use."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.guards import only_staff
from dlp.home.parts import styleguide as parts
from dlp.http import Request


@require_safe
def styleguide(request: Request) -> HttpResponse:
    only_staff(request.user)
    guide = parts.styleguide(request.user, timezone.now())
    return render(request, "home/styleguide.html", {"guide": guide})
