"""People who may be the same person, side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cohorts.guards import only_staff, only_those_who_change
from cohorts.models import Likeness, NotDuplicate
from cohorts.operations import duplicates as operations
from cohorts.permissions import can_change_programme, can_merge
from dlp.asking import act
from dlp.http import Request

PER_PAGE = 20
LATEST = 12


@require_safe
def duplicates(request: Request) -> HttpResponse:
    only_staff(request.user)
    pairs = Likeness.objects.visible_to(request.user).open().for_display()
    said = NotDuplicate.objects.visible_to(request.user).select_related("first", "second", "by")
    context = {
        "page": Paginator(pairs, PER_PAGE).get_page(request.GET.get("page")),
        "said": said[:LATEST],
        "can_change": can_change_programme(request.user),
        "can_merge": can_merge(request.user),
    }
    return render(request, "cohorts/duplicates.html", context)


@require_POST
def not_duplicate(request: Request, pk: int) -> HttpResponse:
    """Declare a listed pair two people. Pressed again after somebody else did, it says the same."""
    only_those_who_change(request.user)
    pair = get_object_or_404(Likeness.objects.visible_to(request.user), pk=pk)
    operations.say_two_people(pair.first, pair.second, by=request.user)
    messages.success(
        request,
        f"{pair.first} and {pair.second} are two people. It can be taken back under the list.",
    )
    return redirect("cohorts:duplicates")


@require_POST
def duplicate_after_all(request: Request, pk: int) -> HttpResponse:
    only_those_who_change(request.user)
    said = get_object_or_404(NotDuplicate.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: operations.take_back(said),
        said=f"{said.first} and {said.second} may be one person again.",
        back="cohorts:duplicates",
    )
