"""Agreements with schools, and the posts they offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.guards import to_change
from dlp.asking import act, ask, done
from dlp.http import Request, safe_redirect
from placements.forms.placements import EndPartnershipForm, PartnerForm
from placements.models import Partnership, School
from placements.operations import partnerships
from placements.views.schools import above, school_of


@require_http_methods(["GET", "HEAD", "POST"])
def partnership_add(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    initial = {"starts_on": timezone.localdate()}
    form = PartnerForm(request.POST or None, initial=initial)
    if done(form, lambda: partnerships.make_partner(school, **form.cleaned_data)):
        messages.success(request, _partner_said(school, form.cleaned_data))
        return redirect(school)
    return ask(
        request, form, title="Make a partner", button="Make it a partner", above=above(school),
        warning=warning_of(school),
    )  # fmt: skip


def _partner_said(school: School, typed: dict[str, Any]) -> str:
    made = (
        f"{school} is a partner" if typed["signed"] else f"The agreement with {school} is drafted"
    )
    if not typed["lead_email"]:
        return f"{made}, and {typed['lead_name']} is its contact."
    return f"{made}. {typed['lead_name']} may sign in for it; invite them when you are ready."


def warning_of(school: School) -> str:
    if school.status == School.Status.CLOSING:
        return "GIAS says that this school is proposed to close."
    return ""


def _partnership(request: Request, pk: int) -> Partnership:
    return to_change(
        request, Partnership.objects.visible_to(request.user).select_related("school"), pk
    )


def _step(
    request: Request, pk: int, operation: Callable[[Partnership], Partnership], said: str
) -> HttpResponse:
    partnership = _partnership(request, pk)
    back = partnership.school.get_absolute_url()
    return act(request, lambda: operation(partnership), said=said, back=back)


@require_POST
def partnership_send(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, partnerships.send_partnership, "The agreement was sent.")


@require_POST
def partnership_sign(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, partnerships.sign_partnership, "The agreement is signed.")


@require_POST
def partnership_activate(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, partnerships.activate_partnership, "The agreement is in force.")


@require_http_methods(["GET", "HEAD", "POST"])
def partnership_end(request: Request, pk: int) -> HttpResponse:
    partnership = _partnership(request, pk)
    school = partnership.school
    form = EndPartnershipForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if done(form, lambda: partnerships.end_partnership(partnership, **form.cleaned_data)):
        messages.success(request, f"The partnership with {school} has its last day.")
        return safe_redirect(request, request.GET.get("next"), fallback=school.get_absolute_url())
    return ask(
        request, form, title="End the partnership", button="End the partnership",
        above=above(school),
        lead="Leaders placed here stay. Nobody new can be placed from the day after.",
    )  # fmt: skip
