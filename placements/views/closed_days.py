"""A school's own holidays and INSET days, for its leads and for staff."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from dlp.asking import act, ask, done
from dlp.http import Request
from placements.forms.closed_days import ClosedDaysForm
from placements.models import ClosedDays
from placements.operations import closed_days as operations
from placements.permissions import can_tell_of
from placements.views.hosts import page_of, school_to_tell_of


@require_http_methods(["GET", "HEAD", "POST"])
def closed_days_add(request: Request, pk: int) -> HttpResponse:
    school = school_to_tell_of(request, pk)
    form = ClosedDaysForm(request.POST or None)
    made = done(
        form,
        lambda: operations.add_closed_days(school, **form.cleaned_data, by=request.user),
        at="ends_on",
    )
    if made is not None:
        messages.success(request, f"Whoever plans for {made.days} is told.")
        return redirect(page_of(request, school))
    return ask(
        request, form, title=f"Days on which {school} is closed", button="Write it down",
        above=("School", page_of(request, school)),
        lead="Where its year differs from that of most schools. Bank holidays are known.",
    )  # fmt: skip


@require_POST
def closed_days_remove(request: Request, pk: int) -> HttpResponse:
    seen = ClosedDays.objects.visible_to(request.user).select_related("school")
    days = get_object_or_404(seen, pk=pk)
    if not can_tell_of(request.user, days.school_id):
        raise PermissionDenied("Only the school’s leads and the programme team can do that.")
    return act(
        request,
        lambda: operations.take_back_closed_days(days),
        said=f"{days.school} is open then.",
        back=page_of(request, days.school),
    )
