"""The page of one person, and what happened to them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Person
from cohorts.permissions import can_change_programme, can_read_reasons
from dlp.home import permissions
from dlp.home.forms import TimelineFilter
from dlp.home.parts import people
from dlp.http import Request
from dlp.timeline import Timeline

A_PAGE = 40


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """For staff; for others the page does not exist, not even their own."""
    if not permissions.can_see_desk(request.user):
        raise Http404
    now = timezone.now()
    try:
        page = people.page(request.user, pk, now)
    except Http404:
        return _lead_on(pk)
    context = {
        "page": page,
        "today": timezone.localdate(now),
        "can_change": can_change_programme(request.user),
        "can_read_reasons": can_read_reasons(request.user),
    }
    return render(request, "home/person.html", context)


def _lead_on(pk: int) -> HttpResponse:
    """Redirect from a merged record to the one that remains."""
    shell = get_object_or_404(Person.everyone.exclude(merged_into=None), pk=pk)
    return redirect("home:person", shell.merged_into_id)


@require_safe
def timeline(request: Request, pk: int) -> HttpResponse:
    """Everything that happened to one person: for staff, and for themselves what they may see."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    happened = Timeline(request.user, person)
    form = TimelineFilter(request.GET, kinds=happened.kinds())
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    context = {
        "person": person,
        "is_self": person.pk == request.user.pk,
        "form": form,
        "is_filtered": bool(kind),
        "page": happened.page(kind, request.GET.get("page"), A_PAGE),
    }
    return render(request, "home/timeline.html", context)
