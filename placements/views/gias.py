"""Importing GIAS files: upload them, check what they change, confirm."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cohorts.guards import only_staff, only_those_who_change, to_change
from cohorts.models import ImportRun
from cohorts.permissions import can_change_programme
from dlp.asking import act, done
from dlp.http import Request
from dlp.words import joined
from placements.forms.schools import GiasFileForm
from placements.gias.progress import percent_done
from placements.gias.saying import sentences
from placements.gias.showing import SHOWN
from placements.operations.gias import Files, confirm_gias, read_again, receive_gias

SORTS = {
    "error": "Lines that cannot be read",
    "links": "Lines of the links file that cannot be read",
    "ours": "Schools of ours that change",
    "changed": "Other schools that change",
    "new": "New schools",
    "left_out": "Left out",
}
OPEN_SORTS = frozenset({"error", "links", "ours"})
"""What somebody has to look at; the rest is there to be unfolded."""
WRITES = ("new", "changed", "links_new", "links_changed")


class Group(NamedTuple):
    """Rows of one kind. `more` is set if there may be more than were kept."""

    sort: str
    title: str
    rows: list[dict[str, Any]]
    is_open: bool
    more: bool


def _runs(request: Request) -> QuerySet[ImportRun]:
    return ImportRun.objects.visible_to(request.user).filter(kind=ImportRun.Kind.SCHOOLS)


@require_http_methods(["GET", "HEAD", "POST"])
def gias_import(request: Request) -> HttpResponse:
    only_those_who_change(request.user)
    form = GiasFileForm(request.POST or None, request.FILES or None)

    def receive() -> ImportRun:
        files = Files(form.cleaned_data["file"], form.cleaned_data["links"])
        names = joined([str(file.name) for file in files.given])
        return receive_gias(files, file_name=names, by=request.user)

    if run := done(form, receive):
        return redirect("placements:gias_run", pk=run.pk)
    recent = _runs(request).defer("rows").select_related("uploaded_by")[:5]
    return render(request, "placements/gias_import.html", {"form": form, "recent": recent})


@require_safe
def gias_run(request: Request, pk: int) -> HttpResponse:
    """One import: its progress, then its preview, then its outcome.

    An open page polls every other second, and reloads once there is more to see.
    """
    only_staff(request.user)
    run = get_object_or_404(_runs(request).select_related("uploaded_by", "applied_by"), pk=pk)
    is_at_work = run.state in ImportRun.AT_WORK
    if request.htmx and not is_at_work:
        return HttpResponseClientRefresh()
    context = {
        "run": run,
        "is_at_work": is_at_work,
        "percent": percent_done(run.pk) if is_at_work else None,
        "can_change": can_change_programme(request.user),
    }
    if request.htmx:
        return render(request, "placements/_gias_work.html", context)
    return render(request, "placements/gias_run.html", {**context, **_found(run)})


def _found(run: ImportRun) -> dict[str, object]:
    if run.state in (ImportRun.State.READING, ImportRun.State.STOPPED):
        return {"groups": [], "sentences": []}
    return {
        "groups": [group for sort in SORTS if (group := _group(run, sort)).rows],
        "sentences": sentences(run.counts),
        "writes": sum(run.counts.get(name, 0) for name in WRITES),
    }


def _group(run: ImportRun, sort: str) -> Group:
    rows = [row for row in run.rows if row["sort"] == sort]
    return Group(sort, SORTS[sort], rows, sort in OPEN_SORTS, len(rows) >= SHOWN[sort])


@require_POST
def gias_confirm(request: Request, pk: int) -> HttpResponse:
    run = to_change(request, _runs(request), pk)
    return act(
        request,
        lambda: confirm_gias(run, by=request.user),
        said="It is being brought in. You can leave this page.",
        back=request.path.removesuffix("confirm/"),
    )


@require_POST
def gias_again(request: Request, pk: int) -> HttpResponse:
    run = to_change(request, _runs(request), pk)
    return act(
        request,
        lambda: read_again(run),
        said="The file is read again.",
        back=request.path.removesuffix("again/"),
    )
