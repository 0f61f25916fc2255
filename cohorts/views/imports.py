"""Bringing people in from a file: choose it, look at every row, say yes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.forms import PeopleFileForm
from cohorts.guards import only_staff, to_change
from cohorts.imports import left_out
from cohorts.imports.people import apply_people, look_again, preview_people
from cohorts.models import Cohort, ImportRun
from cohorts.permissions import can_change_programme
from dlp.asking import done
from dlp.errors import Refused
from dlp.http import Request
from dlp.tables import write_csv

PER_PAGE = 100
EXAMPLE = ("Name", "Known as", "E-mail", "Telephone", "TRN", "Pronouns", "Start date")


@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request: Request, pk: int) -> HttpResponse:
    cohort = to_change(request, Cohort.objects.visible_to(request.user), pk)
    form = (
        PeopleFileForm(request.POST, request.FILES)
        if request.method == "POST"
        else PeopleFileForm()
    )
    run = done(
        form,
        lambda: preview_people(form.cleaned_data["file"], cohort, by=request.user),
        at="file",
    )
    if run is not None:
        return redirect("cohorts:import_run", pk=run.pk)
    context = {"form": form, "cohort": cohort, "columns": EXAMPLE}
    return render(request, "cohorts/import_people.html", context)


@require_safe
def import_example(request: Request) -> StreamingHttpResponse:
    only_staff(request.user)
    return write_csv("people-to-fill-in.csv", EXAMPLE, [])


def _runs(request: Request) -> QuerySet[ImportRun]:
    return ImportRun.objects.visible_to(request.user).filter(kind=ImportRun.Kind.PEOPLE)


@require_safe
def import_run(request: Request, pk: int) -> HttpResponse:
    runs = _runs(request).select_related("cohort", "uploaded_by", "applied_by")
    run = get_object_or_404(runs, pk=pk)
    state = request.GET.get("state", "")
    rows = [row for row in run.rows if not state or row["state"] == state]
    if not state:  # what needs a look comes first
        rows.sort(key=lambda row: row["state"] != ImportRun.RowState.ERROR)
    context = {
        "run": run,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "total": len(run.rows),
        "counts": [
            (value, label, run.counts[value])
            for value, label in ImportRun.RowState.choices
            if run.counts.get(value)
        ],
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/import_run.html", context)


@require_safe
def import_left_out(request: Request, pk: int) -> StreamingHttpResponse:
    run = get_object_or_404(_runs(request), pk=pk)
    return write_csv(left_out.file_name_of(run), left_out.header_of(run), left_out.rows_of(run))


@require_POST
def import_confirm(request: Request, pk: int) -> HttpResponse:
    run = to_change(request, _runs(request), pk)
    try:
        run = apply_people(run, by=request.user)
    except Refused as refusal:
        look_again(run)
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The file was brought into {run.cohort}.")
    return redirect("cohorts:import_run", pk=run.pk)
