"""The steps of a placement, each on its own address."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.guards import to_change
from dlp.asking import act, ask, done
from dlp.http import Request, safe_redirect
from placements.forms.placements import (
    EndEarlyForm,
    OverrideForm,
    PlaceForm,
    ReasonForm,
    candidates,
)
from placements.models import Acceptance, Opening, Placement
from placements.operations import answers
from placements.operations import placements as operations
from placements.operations.placing import place as place_somebody
from placements.operations.placing import propose
from placements.permissions import can_override_gates
from placements.steps import gate_of
from placements.views.openings import opening_of, post_of
from placements.views.schools import above


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, pk: int) -> HttpResponse:
    """Place somebody in the opening with this key."""
    opening = opening_of(request, pk)
    form = PlaceForm(request.POST or None, opening=opening)
    made = done(form, lambda: _place(request, opening, **form.cleaned_data))
    if made is not None:
        messages.success(request, f"{made}: {made.get_state_display().lower()}.")
        return redirect(made)
    return ask(
        request, form, title="Place a leader", button="Place the leader",
        above=above(opening.school), lead=post_of(opening), warning=_nobody_left(opening),
    )  # fmt: skip


def _place(request: Request, opening: Opening, *, is_thought: bool, **asked: Any) -> Placement:
    operation = propose if is_thought else place_somebody
    return operation(opening, **asked, by=request.user)


def _nobody_left(opening: Opening) -> str:
    if candidates(opening).filter(placed_until=None).exists():
        return ""
    return (
        f"Everybody in {opening.cohort} has a placement, or is not on the programme now. "
        f"A placement can follow another from the day after its last."
    )


def _placement(request: Request, pk: int) -> Placement:
    return to_change(request, Placement.objects.visible_to(request.user).for_display(), pk)


def _step(
    request: Request, pk: int, operation: Callable[..., Placement], said: str
) -> HttpResponse:
    one = _placement(request, pk)
    return act(
        request,
        lambda: operation(one, by=request.user),
        said=said,
        back=one.get_absolute_url(),
    )


@require_POST
def placement_offer(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.offer, "Offered: the leader and the school see it now.")


@require_POST
def placement_accept(request: Request, pk: int) -> HttpResponse:
    """Record what one side told the programme, or both at once."""
    side = request.POST.get("side", "")
    if side not in Acceptance.Side:
        return _step(request, pk, answers.accept, "Accepted, and the place is taken.")
    yes = partial(answers.say_yes, side=side)
    return _step(request, pk, yes, "It is written down that they said yes.")


@require_POST
def placement_confirm(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.confirm, "Confirmed.")


@require_POST
def placement_activate(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.activate, "The placement has begun.")


@require_http_methods(["GET", "HEAD", "POST"])
def placement_override(request: Request, pk: int) -> HttpResponse:
    """Go ahead although something is missing: programme leads only, with a reason that stays."""
    one = _placement(request, pk)
    if not can_override_gates(request.user):
        raise PermissionDenied("Only a programme lead can go on although something is lacking.")
    gate = gate_of(one)
    if gate is None or not gate.lacking:
        messages.info(request, "Nothing stands in the way.")
        return redirect(one)
    form = OverrideForm(request.POST or None)
    step = operations.confirm if gate.verb == "confirm" else operations.activate
    if done(form, lambda: step(one, override=form.cleaned_data["reason"], by=request.user)):
        messages.success(request, "It goes on, and your reason stays with it.")
        return redirect(one)
    return ask(
        request, form, title=f"{gate.words} all the same", button=f"{gate.words} all the same",
        kind="danger", warning=gate.lacking, lead=f"{one}.",
        above=("Placements", reverse("placements:placements"), str(one), one.get_absolute_url()),
    )  # fmt: skip


@require_POST
def placement_pause(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.pause, "Paused. The dates stay as they are.")


@require_POST
def placement_resume(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.resume, "It goes on.")


@require_POST
def placement_complete(request: Request, pk: int) -> HttpResponse:
    return _step(request, pk, operations.complete, "Completed.")


def _asked_step(
    request: Request,
    pk: int,
    form_class: type[ReasonForm],
    operation: Callable[..., Placement],
    *,
    title: str,
    lead: str,
) -> HttpResponse:
    one = _placement(request, pk)
    form = form_class(request.POST or None)
    if done(form, lambda: operation(one, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is written down.")
        return safe_redirect(request, request.GET.get("next"), fallback=one.get_absolute_url())
    return ask(
        request, form, title=title, button=title, lead=lead,
        above=("Schools", reverse("placements:schools"), str(one), one.get_absolute_url()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def placement_decline(request: Request, pk: int) -> HttpResponse:
    return _asked_step(
        request, pk, ReasonForm, answers.decline,
        title="One of them declined", lead="The opening stays open, and nobody else is told.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def placement_withdraw(request: Request, pk: int) -> HttpResponse:
    return _asked_step(
        request, pk, ReasonForm, operations.withdraw,
        title="Withdraw the placement", lead="The place is free again. The record of it stays.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def placement_end_early(request: Request, pk: int) -> HttpResponse:
    return _asked_step(
        request, pk, EndEarlyForm, operations.end_early,
        title="End the placement early",
        lead="The leader stays in the cohort, and can be placed elsewhere from the day after.",
    )  # fmt: skip
