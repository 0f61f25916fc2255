"""Copying a cohort's calendar: choose the cohort, check the result, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.guards import changing_programme
from cohorts.models import Cohort
from dlp import words
from dlp.asking import done
from dlp.http import Request
from training.forms.copying import CopyCalendarForm
from training.models import Session
from training.operations.copying import Copy, copies, copy_calendar


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def calendar_copy(request: Request, pk: int) -> HttpResponse:
    """GET with a cohort previews the drafts; POST creates them."""
    source = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET or None
    form = CopyCalendarForm(asked, source=source)

    def copy() -> list[Session]:
        return copy_calendar(source, form.cleaned_data["target"])

    if request.method == "POST" and (made := done(form, copy, at="target")) is not None:
        said = f"{words.count(len(made), 'draft')} written. Nobody sees them until you publish."
        messages.success(request, said)
        cohort = form.cleaned_data["target"].pk
        return redirect(f"{reverse('training:calendar')}?whose=all&cohort={cohort}")
    context = {"source": source, "form": form, "copies": _shown(source, form)}
    return render(request, "training/calendar_copy.html", context)


def _shown(source: Cohort, form: CopyCalendarForm) -> list[Copy]:
    """The preview; empty, with the reason at the field, if it is not possible."""
    if not form.is_bound or not form.is_valid():
        return []
    return done(form, lambda: copies(source, form.cleaned_data["target"]), at="target") or []
