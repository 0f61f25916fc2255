"""Importing people from a file: upload it, check every row, confirm."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.forms.imports import PeopleFileForm
from cohorts.guards import only_staff, to_change
from cohorts.imports import left_out, showing
from cohorts.imports.people import SAVED, apply_people, choose, preview_people, shown_state
from cohorts.imports.reverting import parts_of, revert_people
from cohorts.imports.rows import OUT
from cohorts.models import Cohort, ImportRun, Participation
from cohorts.permissions import can_change_programme
from dlp.asking import act, done
from dlp.errors import Refused
from dlp.http import Request
from dlp.tables import write_csv

PER_PAGE = 100
LATEST = 10
LOOK_FIRST = {"ambiguous": 0, "error": 1}
EXAMPLE = (
    "Name", "Known as", "E-mail", "Telephone", "TRN", "Pronouns", "Start date", "Status", "Since",
    "Last day",
)  # fmt: skip


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
    before = _runs(request).filter(cohort=cohort).select_related("uploaded_by")
    context = {
        "form": form,
        "cohort": cohort,
        "columns": EXAMPLE,
        "runs": before.defer("rows", "columns", "notes")[:LATEST],
    }
    return render(request, "cohorts/import_people.html", context)


@require_safe
def import_example(request: Request) -> StreamingHttpResponse:
    only_staff(request.user)
    return write_csv("people-to-fill-in.csv", EXAMPLE, [])


def _runs(request: Request) -> QuerySet[ImportRun]:
    return ImportRun.objects.visible_to(request.user).filter(kind=ImportRun.Kind.PEOPLE)


@require_safe
def import_run(request: Request, pk: int) -> HttpResponse:
    runs = _runs(request).select_related("cohort", "uploaded_by", "applied_by", "reverted_by")
    run = get_object_or_404(runs, pk=pk)
    state = request.GET.get("state", "")
    rows = [row for row in run.rows if not state or shown_state(row) == state]
    if not state:  # what needs a look comes first
        rows.sort(key=lambda row: LOOK_FIRST.get(shown_state(row), 2))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    can_change = can_change_programme(request.user)
    context = {
        "run": run,
        "page": page,
        "entries": showing.entries(run, list(page), request.user),
        "state": state,
        "state_label": showing.LABELS.get(state, ""),
        "total": len(run.rows),
        "counts": [
            (value, label, run.counts[value])
            for value, label in ImportRun.RowState.choices
            if run.counts.get(value)
        ],
        "completed": sum(
            row["data"].get("state") == Participation.State.COMPLETED
            for row in run.rows
            if shown_state(row) in SAVED
        ),
        "can_change": can_change,
        "can_choose": can_change and run.state == ImportRun.State.PREVIEWED and not run.is_erased,
        "can_take_back": can_change and run.state == ImportRun.State.APPLIED and not run.is_erased,
    }
    return render(request, "cohorts/import_run.html", context)


@require_safe
def import_left_out(request: Request, pk: int) -> StreamingHttpResponse:
    run = get_object_or_404(_runs(request), pk=pk)
    return write_csv(left_out.file_name_of(run), left_out.header_of(run), left_out.rows_of(run))


@require_POST
def import_choose(request: Request, pk: int) -> HttpResponse:
    """Save the choices made on one page of rows, and go to the page that was asked for."""
    run = to_change(request, _runs(request), pk)
    whole = request.POST.get("whole")
    state = request.POST.get("state", "")
    choose(
        run,
        _choices(request.POST),
        whole=(state, whole) if whole in ("", OUT) else None,
    )
    to = {
        "state": request.POST.get("to_state", state),
        "page": request.POST.get(
            "to_page", "" if "to_state" in request.POST else request.POST.get("page", "")
        ),
    }
    query = urlencode({name: value for name, value in to.items() if value})
    return redirect(f"{reverse('cohorts:import_run', args=[run.pk])}?{query}#rows")


def _choices(posted: QueryDict) -> dict[int, str]:
    """The choices on this page: whom each row means, or whether it is left out."""
    choices = {}
    for text in posted.getlist("line"):
        if text.isdecimal():
            taken = "" if f"take-{text}" in posted else OUT
            choices[int(text)] = posted.get(
                f"who-{text}", "" if f"asks-{text}" in posted else taken
            )
    return choices


@require_POST
def import_confirm(request: Request, pk: int) -> HttpResponse:
    run = to_change(request, _runs(request), pk)
    choices = _choices(request.POST)
    try:
        run = apply_people(run, by=request.user, choices=choices)
    except Refused as refusal:
        choose(run, choices)
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The file was brought into {run.cohort}.")
    return redirect("cohorts:import_run", pk=run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_revert(request: Request, pk: int) -> HttpResponse:
    """Show what would be removed and what would stay, and why; on POST, revert."""
    run = to_change(request, _runs(request).select_related("cohort"), pk)
    back = reverse("cohorts:import_run", args=[run.pk])
    if request.method == "POST":
        return act(
            request,
            lambda: revert_people(run, by=request.user),
            said="The import was taken back. What had to stay is listed below, with the reasons.",
            back=back,
        )
    if run.state != ImportRun.State.APPLIED or run.is_erased:
        return redirect(back)
    parts = parts_of(run)
    context = {
        "run": run,
        "taken": [part for part in parts if not part.why],
        "page": Paginator([part for part in parts if part.why], PER_PAGE).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "cohorts/import_revert.html", context)
