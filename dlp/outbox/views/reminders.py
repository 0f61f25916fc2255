"""When reminders go, for staff: what each kind of session gets, and changing it after a trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dlp.asking import done
from dlp.http import Request
from dlp.outbox import permissions
from dlp.outbox.clock import database_now
from dlp.outbox.lead_forms import LeadForm, QuietHoursForm
from dlp.outbox.models import LeadPolicy, QuietHours
from dlp.outbox.plans import reminding, session_kinds
from dlp.outbox.plans.outcomes import outcome_of
from dlp.outbox.plans.planning import Changes

tried_or_saved = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def reminder_list(request: Request) -> HttpResponse:
    if not permissions.can_see_messages(request.user):
        raise PermissionDenied("Only programme staff look up when reminders go.")
    policies = sorted(
        LeadPolicy.objects.visible_to(request.user),
        key=lambda one: (one.session_kind, -one.ahead),
    )
    leads = {kind: list(found) for kind, found in groupby(policies, lambda one: one.session_kind)}
    context = {
        "kinds": [(kind, label, leads.get(kind, [])) for kind, label in session_kinds.choices()],
        "hours": QuietHours.objects.visible_to(request.user).first() or QuietHours(),
        "are_quiet_hours_kept": settings.QUIET_HOURS,
        "can_change": permissions.can_change_messages(request.user),
    }
    return render(request, "outbox/reminders.html", context)


@tried_or_saved
def lead_add(request: Request) -> HttpResponse:
    _only_changers(request)
    form = LeadForm(_typed(request))
    save = lambda: reminding.save_lead(form.policy)  # noqa: E731
    return _try_or_save(request, form, save, title="Add a reminder")


@tried_or_saved
def lead_edit(request: Request, pk: int) -> HttpResponse:
    lead = get_object_or_404(LeadPolicy.objects.visible_to(request.user), pk=pk)
    _only_changers(request)
    form = LeadForm(_typed(request), lead=lead)
    save = lambda: reminding.save_lead(form.policy)  # noqa: E731
    title = f"{lead.get_session_kind_display()}: {lead}"
    return _try_or_save(request, form, save, title=title)


@tried_or_saved
def quiet_hours(request: Request) -> HttpResponse:
    _only_changers(request)
    hours = QuietHours.objects.visible_to(request.user).first()
    form = QuietHoursForm(_typed(request), instance=hours)
    save = lambda: reminding.save_quiet_hours(form.instance)  # noqa: E731
    return _try_or_save(request, form, save, title="Quiet hours")


def _try_or_save(
    request: Request, form: forms.BaseForm, save: Callable[[], Changes], *, title: str
) -> HttpResponse:
    """POST saves. GET with the form's values shows what saving would do, and saves nothing."""
    outcome = None
    if request.method == "POST":
        if (changes := done(form, save)) is not None:
            made = outcome_of(changes, viewer=request.user, now=database_now())
            messages.success(request, f"Saved. {made.said()}")
            return redirect("outbox:reminders")
    elif (changes := done(form, lambda: reminding.try_out(save))) is not None:
        outcome = outcome_of(changes, viewer=request.user, now=database_now())
    context = {"form": form, "title": title, "outcome": outcome}
    return render(request, "outbox/reminder_form.html", context)


def _typed(request: Request) -> Mapping[str, Any] | None:
    """What was typed, in either method; None if nothing was."""
    return request.POST if request.method == "POST" else request.GET or None


def _only_changers(request: Request) -> None:
    if not permissions.can_change_messages(request.user):
        raise PermissionDenied("Only a programme lead or a coordinator sets when reminders go.")
