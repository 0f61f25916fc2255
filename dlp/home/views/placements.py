"""The page of one placement."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Person
from dlp.home.parts import placements
from dlp.http import Request
from dlp.prepared import SOMEBODY, SOMETHING, Prepared
from placements.models import Placement


@require_safe
def placement(request: Request, pk: int) -> HttpResponse:
    """One page for staff, the leader and the school; what it shows depends on who asks."""
    question = _question(request.user.is_staff, timezone.localdate())
    found = question.one_or_404({SOMEBODY: request.user.pk, SOMETHING: pk})
    context = {"page": placements.page(request.user, found, timezone.now())}
    return render(request, "home/placement.html", context)


@lru_cache(maxsize=4)
def _question(is_staff: bool, day: date) -> Prepared:
    """A placement, as a prepared query for anybody on this day."""
    seen = Placement.objects.visible_to(Person(pk=SOMEBODY, is_staff=is_staff))
    found = seen.select_related(
        "participation__person", "participation__cohort__coordinator", "school__parent", "opening"
    )
    return Prepared(found.filter(pk=SOMETHING))
