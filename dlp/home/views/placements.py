"""The page of one placement."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dlp.home.parts import placements
from dlp.http import Request
from placements.models import Placement


@require_safe
def placement(request: Request, pk: int) -> HttpResponse:
    """The same page for staff, the leader and the school; how much of it depends on who asks."""
    visible = Placement.objects.visible_to(request.user).select_related(
        "participation__person", "participation__cohort__coordinator", "school__parent", "opening"
    )
    found = get_object_or_404(visible, pk=pk)
    context = {"page": placements.page(request.user, found, timezone.now())}
    return render(request, "home/placement.html", context)
