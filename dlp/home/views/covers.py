"""Who covers for staff who are away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dlp.asking import act, done
from dlp.home import permissions
from dlp.home.forms import CoverForm
from dlp.home.models import Cover
from dlp.home.operations.covers import end_cover, set_cover
from dlp.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def covers(request: Request) -> HttpResponse:
    if not permissions.can_see_desk(request.user):
        raise PermissionDenied("Cover is for programme staff.")
    form = CoverForm(request.POST or None, user=request.user)
    cover = done(form, lambda: set_cover(**form.cleaned_data, by=request.user))
    if cover is not None:
        messages.success(request, f"{cover.covered_by.name} covers {cover.person.name}.")
        return redirect("home:covers")
    today = timezone.localdate()
    known = Cover.objects.visible_to(request.user).open_on(today)
    for_anybody = permissions.can_set_cover_of_anybody(request.user)
    context = {
        "covers": [
            (one, one.starts_on <= today, for_anybody or one.person_id == request.user.pk)
            for one in known.select_related("person", "covered_by")
        ],
        "form": form,
        "for_anybody": for_anybody,
    }
    return render(request, "home/covers.html", context)


@require_POST
def cover_end(request: Request, pk: int) -> HttpResponse:
    visible = Cover.objects.visible_to(request.user).select_related("person")
    cover = get_object_or_404(visible, pk=pk)
    if not permissions.can_end_cover_of(request.user, cover.person):
        raise PermissionDenied("They or a programme lead can end this cover.")
    return act(
        request,
        lambda: end_cover(cover, by=request.user),
        said=f"{cover.person.name} answers for themselves again.",
        back=reverse("home:covers"),
    )
