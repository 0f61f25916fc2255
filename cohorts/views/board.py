"""The progress board of a cohort, and the evidence behind a cell."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts import evidence
from cohorts.board import Board, board, for_a_file, sheet
from cohorts.forms.cohorts import BoardFilter
from cohorts.guards import only_staff
from cohorts.models import Cohort, RequirementAttempt
from dlp.exports import hand_out
from dlp.http import Request

PER_PAGE = 100


@require_safe
def progress_board(request: Request, pk: int) -> HttpResponse:
    cohort, form, found = _asked(request, pk)
    page = Paginator(found.members, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "form": form,
        "board": found,
        "page": page,
        "sheet": sheet(found, list(page), timezone.localdate()),
        "is_filtered": form.is_valid() and any(form.cleaned_data.values()),
    }
    return render(request, "cohorts/board.html", context)


@require_safe
def board_export(request: Request, pk: int) -> StreamingHttpResponse:
    cohort, _, found = _asked(request, pk)
    header, rows = for_a_file(found, timezone.localdate())
    name = f"progress of {cohort.name}"[:60]
    return hand_out(request, name, header, rows, count=len(found.members))


@require_safe
def board_evidence(request: Request, pk: int, attempt: int) -> HttpResponseRedirect:
    """Redirect to the record behind a cell."""
    only_staff(request.user)
    visible = RequirementAttempt.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("participation__person"), pk=attempt)
    return HttpResponseRedirect(evidence.address_of(found, request.user))


def _asked(request: Request, pk: int) -> tuple[Cohort, BoardFilter, Board]:
    only_staff(request.user)
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = BoardFilter(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    return cohort, form, board(cohort, filters, timezone.localdate())
