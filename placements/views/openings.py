"""Posts that schools offer: adding, correcting, offering and withdrawing one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.guards import to_change
from cohorts.models import Cohort
from cohorts.permissions import can_change_programme
from dlp.asking import act, ask, done
from dlp.http import Request
from dlp.words import span
from placements.forms.openings import OpeningForm, WithdrawForm
from placements.models import Opening, Placement, School
from placements.operations import openings
from placements.operations.withdrawing import knock_on, withdraw_opening
from placements.permissions import can_withdraw_opening
from placements.views.partnerships import warning_of
from placements.views.schools import above, school_of


@require_http_methods(["GET", "HEAD", "POST"])
def opening_add(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    form = OpeningForm(
        request.POST or None,
        cohorts=Cohort.objects.visible_to(request.user),
        initial=_left_by(request, school),
    )
    if done(form, lambda: openings.add_opening(school, **form.facts())):
        messages.success(request, f"The opening at {school} is here.")
        return redirect(school)
    return ask(
        request, form, title="Add an opening", button="Add the opening", above=above(school),
        warning=warning_of(school),
    )  # fmt: skip


def _left_by(request: Request, school: School) -> dict[str, Any]:
    """Initial values from a placement that ended early, for the days it left; else empty."""
    asked = request.GET.get("after", "")
    known = Placement.objects.visible_to(request.user).filter(school=school)
    one = known.filter(pk=asked[:9]).for_display().first() if asked.isdecimal() else None
    if one is None or one.opening is None:
        return {}
    first = max(one.ends_on + timedelta(days=1), timezone.localdate())
    return model_to_dict(one.opening) | {"starts_on": first, "places": 1}


def opening_of(request: Request, pk: int) -> Opening:
    """An opening this person sees and may change."""
    return to_change(request, Opening.objects.visible_to(request.user).for_display(), pk)


@require_http_methods(["GET", "HEAD", "POST"])
def opening_edit(request: Request, pk: int) -> HttpResponse:
    opening = opening_of(request, pk)
    form = OpeningForm(
        request.POST or None,
        cohorts=Cohort.objects.visible_to(request.user),
        initial=model_to_dict(opening),
        opening=opening,
    )
    if done(form, lambda: openings.edit_opening(opening, values=form.facts())):
        messages.success(request, "The opening is up to date.")
        return redirect(opening.school)
    return ask(
        request, form, title="Change the opening", button="Save the changes",
        above=above(opening.school), lead=f"{post_of(opening)} Placements keep what was agreed.",
    )  # fmt: skip


def post_of(opening: Opening) -> str:
    return f"{opening.get_role_title_display()}, {opening.cohort}."


@require_POST
def opening_open(request: Request, pk: int) -> HttpResponse:
    opening = opening_of(request, pk)
    return act(
        request,
        lambda: openings.open_opening(opening),
        said="The opening is on offer.",
        back=opening.school.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def opening_withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw a post, after showing who is affected: by staff, or by the school's own lead."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user).for_display(), pk=pk)
    if not can_withdraw_opening(request.user, opening):
        raise PermissionDenied(
            "Only the programme and the school’s own leads take an opening back."
        )
    is_staff = can_change_programme(request.user)
    form = WithdrawForm(request.POST or None)
    if not is_staff:
        del form.fields["by_school"]

    def withdraw() -> Opening:
        by_school = not is_staff or form.cleaned_data["by_school"]
        return withdraw_opening(opening, by_school=by_school, by=request.user)

    if done(form, withdraw):
        messages.success(request, "The opening is withdrawn.")
        return redirect(opening.school if is_staff else "home:home")
    return ask(
        request, form, title="Withdraw the opening", button="Withdraw it", kind="danger",
        above=above(opening.school) if is_staff else ("Home", reverse("home:home")),
        lead=f"{post_of(opening)} {span(opening.starts_on, opening.ends_on)}.",
        template="placements/withdraw_opening.html",
        more={"affected": knock_on(opening), "is_staff": is_staff},
    )  # fmt: skip
