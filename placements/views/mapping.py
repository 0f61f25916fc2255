"""England with its partners and placements, and the same as a table."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.guards import only_staff
from cohorts.models import Cohort
from dlp.http import Request
from placements import mapping
from placements.forms.placements import PlacementFilterForm
from placements.where import where_are

PAGE = 50


@require_safe
def school_map(request: Request) -> HttpResponse:
    only_staff(request.user)
    form = PlacementFilterForm(request.GET, cohorts=Cohort.objects.visible_to(request.user))
    leaders, partners = mapping.on_the_map(request.user, form.cleaned_data, timezone.localdate())
    page = Paginator(mapping.in_order(leaders), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "where": where_are(leaders),
        "page": page,
        "rows": mapping.rows_of(page.object_list, partners),
    }
    return render(request, "placements/map.html", context)
