"""Safeguarding leads and deputies at a school; their training is shown by the training app."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.guards import changing_programme, to_change
from dlp.asking import ask, done
from dlp.http import Request
from placements.forms.safeguarding import RoleEndForm, RoleForm
from placements.models import SafeguardingRole, School
from placements.operations import safeguarding as operations


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def role_add(request: Request, pk: int) -> HttpResponse:
    """Record that somebody takes up the role; the desk says so if they are not trained."""
    school = to_change(request, School.objects.visible_to(request.user), pk)
    form = RoleForm(request.POST or None, school=school)
    made = done(
        form, lambda: operations.appoint(school=school, by=request.user, **form.cleaned_data)
    )
    if made is not None:
        messages.success(request, f"{made.person} holds the role.")
        return redirect("training:school_safeguarding", school.pk)
    return ask(
        request, form, title="Add a safeguarding role", button="Add the role", above=_above(school),
        lead="The role that somebody holds at the school, whatever they are trained.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def role_end(request: Request, pk: int) -> HttpResponse:
    """End a role after a day."""
    roles = SafeguardingRole.objects.visible_to(request.user).select_related("person", "school")
    role = to_change(request, roles, pk)
    form = RoleEndForm(request.POST or None, role=role)
    if done(form, lambda: operations.end_role(role, **form.cleaned_data)):
        messages.success(request, "It is written down.")
        return redirect("training:school_safeguarding", role.school_id)
    return ask(
        request, form, title="End the role", button="End it", above=_above(role.school),
        lead=f"{role}.",
    )  # fmt: skip


def _above(school: School) -> tuple[str, ...]:
    cover = reverse("training:school_safeguarding", args=[school.pk])
    return (school.name, school.get_absolute_url(), "Safeguarding cover", cover)
