"""The yardstick for every page: a bare Django view that lists a cohort, in the same process."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from cohorts.models import Cohort, Participation
from training.models import Session


@login_not_required
def bare(request: HttpRequest, pk: int) -> HttpResponse:
    """Three indexed queries, 25 kB."""
    context = {
        "cohort": Cohort.objects.get(pk=pk),
        "sessions": Session.objects.filter(cohorts=pk)[:12],
        "participations": Participation.objects.filter(cohort=pk).select_related("person"),
    }
    return render(request, "bench/bare.html", context)


urlpatterns = [path("bare/<int:pk>/", bare), path("", include("dlp.urls"))]
