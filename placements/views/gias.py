"""The GIAS file: choose it, look at what it changes, say yes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import only_staff, only_those_who_change, to_change
from cohorts.models import ImportRun
from cohorts.permissions import can_change_programme
from dlp.asking import act, done
from dlp.http import Request
from placements.forms.schools import GiasFileForm
from placements.operations.gias import apply_gias, preview_gias

SORTS = {
    "error": "Lines that cannot be read",
    "ours": "Schools of ours that change",
    "changed": "Other schools that change",
    "new": "New schools",
    "left_out": "Left out",
}
FIGURES = {
    "new": "new",
    "changed": "changed",
    "closed": "closed since",
    "unchanged": "unchanged",
    "left_out": "left out",
    "unclassified": "of no known type",
    "error": "not readable",
}


def _runs(request: Request) -> QuerySet[ImportRun]:
    return ImportRun.objects.visible_to(request.user).filter(kind=ImportRun.Kind.SCHOOLS)


@require_http_methods(["GET", "HEAD", "POST"])
def gias_import(request: Request) -> HttpResponse:
    only_those_who_change(request.user)
    form = GiasFileForm(request.POST or None, request.FILES or None)

    def preview() -> ImportRun:
        file = form.cleaned_data["file"]
        return preview_gias(file, file_name=file.name, by=request.user)

    if run := done(form, preview, at="file"):
        return redirect("placements:gias_run", pk=run.pk)
    recent = _runs(request).defer("rows").select_related("uploaded_by")[:5]
    return render(request, "placements/gias_import.html", {"form": form, "recent": recent})


@require_safe
def gias_run(request: Request, pk: int) -> HttpResponse:
    only_staff(request.user)
    run = get_object_or_404(_runs(request).select_related("uploaded_by", "applied_by"), pk=pk)
    groups = [
        (sort, title, [row for row in run.rows if row["sort"] == sort])
        for sort, title in SORTS.items()
    ]
    context = {
        "run": run,
        "groups": [group for group in groups if group[2]],
        "figures": [(words, run.counts.get(name, 0)) for name, words in FIGURES.items()],
        "writes": run.counts.get("new", 0) + run.counts.get("changed", 0),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "placements/gias_run.html", context)


@require_POST
def gias_confirm(request: Request, pk: int) -> HttpResponse:
    run = to_change(request, _runs(request), pk)
    return act(
        request,
        lambda: apply_gias(run, by=request.user),
        said="The schools are as the file tells them.",
        back=request.path.removesuffix("confirm/"),
    )
