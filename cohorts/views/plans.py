"""Somebody's own plan, and what staff can do with an item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import plan_pages
from cohorts.forms import plans as plan_forms
from cohorts.guards import only_staff, to_change
from cohorts.models import Participation, PlanItem, RequirementAttempt
from cohorts.operations import plans, requirements
from cohorts.permissions import can_change_programme
from cohorts.planning.wording import rule_words
from dlp.asking import act, ask, done
from dlp.http import Request, safe_redirect


@dataclass(frozen=True)
class StepPage:
    """How one action on an item is asked for. {0} in the sentences is the item."""

    operation: Callable[..., PlanItem]
    form: Callable[..., forms.Form]
    title: str
    button: str
    said: str


STEPS = {
    "waive": StepPage(
        requirements.waive, plan_forms.ExcuseForm, "Waive “{0}”", "Waive it", "“{0}” is waived."
    ),
    "leave-out": StepPage(
        requirements.mark_not_applicable,
        plan_forms.ExcuseForm,
        "“{0}” does not apply",
        "Leave it out",
        "“{0}” is left out of account.",
    ),
    "pin": StepPage(
        plans.pin, plan_forms.PinForm, "Set the day of “{0}”", "Set the day", "The day is set."
    ),
    "record": StepPage(
        requirements.record_by_hand,
        plan_forms.RecordForm,
        "How “{0}” stands",
        "Record it",
        "It is recorded.",
    ),
}
BUTTONS = {
    "ask-again": (requirements.take_back_excuse, "“{0}” is asked for again."),
    "unpin": (plans.unpin, "“{0}” falls due again as the plan has it."),
}


@require_safe
def plan(request: Request, pk: int) -> HttpResponse:
    """For staff; participants have the page of their two years."""
    participation = get_object_or_404(
        Participation.objects.visible_to(request.user).for_display(), pk=pk
    )
    only_staff(request.user)
    rows = plan_pages.rows_of(request.user, participation, timezone.localdate())
    context = {
        "participation": participation,
        "rows": rows,
        "told": plan_pages.told(rows),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/plan.html", context)


@require_safe
def plan_item(request: Request, pk: int) -> HttpResponse:
    item = get_object_or_404(_items(request), pk=pk)
    only_staff(request.user)
    rule = item.template.items.filter(key=item.key).first()
    context = {
        "item": item,
        "row": plan_pages.row_of(item, timezone.localdate()),
        "rule": rule_words(rule) if rule else "",
        "attempts": _attempts(request, item),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/plan_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_item_step(request: Request, pk: int, verb: str) -> HttpResponse:
    item, step = to_change(request, _items(request), pk), STEPS[verb]
    form = step.form(request.POST or None, item=item)
    if done(form, lambda: step.operation(item, by=request.user, **form.cleaned_data)):
        messages.success(request, step.said.format(item))
        return safe_redirect(request, request.GET.get("next"), fallback=item.get_absolute_url())
    return ask(
        request,
        form,
        title=step.title.format(item),
        button=step.button,
        above=(str(item.participation.person), _plan_url(item), str(item), item.get_absolute_url()),
        lead=f"{item.participation.person}, {item.participation.cohort}.",
    )


@require_POST
def plan_item_button(request: Request, pk: int, verb: str) -> HttpResponse:
    item = to_change(request, _items(request), pk)
    operation, said = BUTTONS[verb]
    return act(
        request,
        lambda: operation(item),
        said=said.format(item),
        back=item.get_absolute_url(),
    )


def _items(request: Request) -> QuerySet[PlanItem]:
    seen = PlanItem.objects.visible_to(request.user)
    return seen.select_related(
        "requirement",
        "attempt__reported_by",
        "excused_by",
        "participation__person",
        "participation__cohort",
        "template",
    )


def _attempts(request: Request, item: PlanItem) -> QuerySet[RequirementAttempt]:
    """Every attempt at its requirement, the latest first."""
    attempts = RequirementAttempt.objects.visible_to(request.user).filter(
        participation=item.participation_id, requirement=item.requirement_id
    )
    return attempts.select_related("reported_by").order_by("-on", "-pk")


def _plan_url(item: PlanItem) -> str:
    return reverse("cohorts:plan", args=[item.participation_id])
