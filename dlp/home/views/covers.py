"""Who covers for staff who are away."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.models import Person
from dlp import words
from dlp.asking import act, done
from dlp.home import permissions
from dlp.home.covers import Away, team
from dlp.home.forms import CoverForm
from dlp.home.models import Cover
from dlp.home.operations.covers import end_cover, set_cover
from dlp.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def covers(request: Request) -> HttpResponse:
    if not permissions.can_see_desk(request.user):
        raise PermissionDenied("Cover is for programme staff.")
    form = CoverForm(request.POST or None, user=request.user)
    cover = done(form, lambda: set_cover(**form.cleaned_data))
    if cover is not None:
        days = words.span(cover.starts_on, cover.ends_on)
        messages.success(request, f"{cover.covered_by.name} covers {cover.person.name}, {days}.")
        return redirect("home:covers")
    for_anybody = permissions.can_set_cover_of_anybody(request.user)
    context = {"covers": _shown(request.user), "form": form, "for_anybody": for_anybody}
    return render(request, "home/covers.html", context)


class Shown(NamedTuple):
    """A cover as the page lists it."""

    cover: Cover
    is_running: bool
    unanswered: date | None
    """The first day on which what waits is everybody's, for nobody who works here answers."""
    can_end: bool


def _shown(user: Person) -> list[Shown]:
    today = timezone.localdate()
    staff = team(today)
    known = Cover.objects.visible_to(user).open_on(today).select_related("person", "covered_by")
    return [
        Shown(
            one,
            one.starts_on <= today,
            staff.unanswered(one.person_id, Away(one.covered_by_id, one.starts_on, one.ends_on)),
            permissions.can_end_cover_of(user, one.person),
        )
        for one in known
    ]


@require_POST
def cover_end(request: Request, pk: int) -> HttpResponse:
    visible = Cover.objects.visible_to(request.user).select_related("person")
    cover = get_object_or_404(visible, pk=pk)
    if not permissions.can_end_cover_of(request.user, cover.person):
        raise PermissionDenied("They or a programme lead can end this cover.")
    has_begun = cover.starts_on <= timezone.localdate()
    return act(
        request,
        lambda: end_cover(cover),
        said=f"{cover.person.name} answers for themselves again."
        if has_begun
        else f"The cover for {cover.person.name} is called off.",
        back=reverse("home:covers"),
    )
