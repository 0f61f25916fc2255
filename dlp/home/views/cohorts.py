"""The page of one cohort."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.cohort_states import with_state
from cohorts.models import Cohort
from cohorts.permissions import can_change_programme
from dlp.exports import hand_out
from dlp.home import permissions
from dlp.home.parts import cohorts, completing
from dlp.home.roles import STAFF
from dlp.http import Request
from dlp.prepared import SOMETHING, Prepared


@require_safe
def cohort(request: Request, pk: int) -> HttpResponse:
    if not permissions.can_see_desk(request.user):
        raise Http404
    now = timezone.now()
    found = _question(timezone.localdate(now)).one_or_404({SOMETHING: pk})
    context = {
        "page": cohorts.page(found, request.GET.get("page"), now),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/cohort.html", context)


@lru_cache(maxsize=2)
def _question(day: date) -> Prepared:
    visible = with_state(Cohort.objects.visible_to(STAFF), day)
    return Prepared(visible.select_related("coordinator").filter(pk=SOMETHING))


@require_safe
def cohort_completing(request: Request, pk: int) -> HttpResponse:
    """Who of the cohort is ready to complete, and what others lack."""
    found, completion = _completing(request, pk)
    context = {
        "cohort": found,
        "completion": completion,
        "page": completion.page(request.GET.get("page")),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/completing.html", context)


@require_safe
def completing_export(request: Request, pk: int) -> StreamingHttpResponse:
    found, completion = _completing(request, pk)
    name = f"completing {found.name}"[:60]
    return hand_out(request, name, *completion.for_a_file(), count=len(completion.rows))


def _completing(request: Request, pk: int) -> tuple[Cohort, completing.CohortCompletion]:
    if not permissions.can_see_desk(request.user):
        raise Http404
    found = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return found, completing.of_cohort(request.user, found, request.GET.get("show", ""))
