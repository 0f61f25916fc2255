"""The list of placements with its map, and the same as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.guards import only_staff
from cohorts.models import Cohort
from dlp.changes import Kept, marks
from dlp.exports import hand_out
from dlp.http import Request
from placements import listing
from placements.forms.placements import PlacementFilterForm
from placements.models.placements import PlacementQuerySet
from placements.where import Where, where

PAGE = 50
_maps: Kept[Where] = Kept()


def _listed(request: Request) -> tuple[PlacementFilterForm, PlacementQuerySet]:
    """The filters in the URL, and the placements they let through."""
    only_staff(request.user)
    form = PlacementFilterForm(request.GET, cohorts=Cohort.objects.visible_to(request.user))
    found = listing.placements(request.user, form.cleaned_data, timezone.localdate())
    return form, found


@require_safe
def placement_list(request: Request) -> HttpResponse:
    form, found = _listed(request)
    page = Paginator(listing.in_order(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "exported": _exported(page.paginator.count),
        "entries": listing.entries(page.object_list, timezone.localdate()),
        "where": _map(form, found),
    }
    return render(request, "placements/list.html", context)


def _exported(count: int) -> str:
    return "this placement" if count == 1 else f"these {count} placements"


def _map(form: PlacementFilterForm, found: PlacementQuerySet) -> Where:
    """The map, cached while nothing changes: all staff see every placement."""
    question = (timezone.localdate(), *form.cleaned_data.values())
    return _maps.answer(question, marks(), lambda: where(found))


@require_safe
def placement_export(request: Request) -> HttpResponseBase:
    _, found = _listed(request)
    rows = listing.export_rows(listing.in_order(found), timezone.localdate())
    return hand_out(request, "placements", listing.EXPORT_HEADER, rows, count=found.count())
