"""Merging two records of one person, after a page that shows everything that will happen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cohorts.forms.merges import MergeForm
from cohorts.models import Person, PersonMerge
from cohorts.operations import merges
from cohorts.permissions import can_merge, is_staff
from dlp import merging
from dlp.asking import done
from dlp.http import Request
from dlp.merging import Pair


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int, other: int) -> HttpResponse:
    """The record `pk` stays, the `other` is merged into it."""
    pair = _pair(request, pk, other)
    if pair.gone.merged_into_id == pair.kept.pk:
        return redirect(pair.kept)
    found = merges.problems(pair)
    form = MergeForm(request.POST if request.method == "POST" else None, pair=pair)

    def join() -> PersonMerge:
        return merges.merge_people(*pair, by=request.user, taken=form.taken())

    if not found and done(form, join) is not None:
        messages.success(
            request, f"{pair.gone} is part of this record now, and its old address leads here."
        )
        return redirect(pair.kept)
    context = {
        "pair": pair,
        "form": form,
        "problems": found,
        "moving": merging.moving(pair),
    }
    return render(request, "cohorts/merge.html", context)


def _pair(request: Request, pk: int, other: int) -> Pair:
    if not is_staff(request.user):
        raise Http404
    if not can_merge(request.user):
        raise PermissionDenied("Only a programme lead makes two records one.")
    found = Person.everyone.in_bulk([pk, other])
    if len(found) != len({pk, other}):
        raise Http404
    return Pair(found[pk], found[other])
