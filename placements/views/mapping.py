"""England with its partners and placements, and the same as a table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.guards import only_staff
from cohorts.models import Cohort
from dlp.changes import Kept, marks
from dlp.http import Request
from placements import mapping
from placements.forms.placements import PlacementFilterForm
from placements.mapping import OnTheMap

PAGE = 50
_kept: Kept[OnTheMap] = Kept()


@require_safe
def school_map(request: Request) -> HttpResponse:
    only_staff(request.user)
    form = PlacementFilterForm(request.GET, cohorts=Cohort.objects.visible_to(request.user))
    shown = _on_the_map(request, form.cleaned_data)
    page = Paginator(shown.hosts, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "where": shown.where,
        "page": page,
        "rows": mapping.rows_of(page.object_list, shown.partners),
    }
    return render(request, "placements/map.html", context)


def _on_the_map(request: Request, filters: dict[str, Any]) -> OnTheMap:
    """The same for all staff, who see every school; kept while nothing changes."""
    today = timezone.localdate()
    question = (today, *filters.values())
    return _kept.answer(question, marks(), lambda: mapping.on_the_map(request.user, filters, today))
