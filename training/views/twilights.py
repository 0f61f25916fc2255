"""Twilights: open ones, ideas, and materials of past ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cohorts.guards import to_change
from cohorts.permissions import can_change_programme
from dlp.asking import act, ask, done
from dlp.http import Request
from training import permissions
from training.forms import AnswerForm, IdeaForm, SessionForm
from training.materials import past
from training.models import Kind, Session, SignUp, Stage, TwilightIdea
from training.operations import ideas as operations
from training.views.calendar import in_rows

PER_PAGE = 25
SHOWN = 20
CHANGED = {Stage.DRAFT: "Your draft is kept. Nobody else sees it until you propose it."}


@require_safe
def twilights(request: Request) -> HttpResponse:
    user = request.user
    stage = request.GET.get("stage", "")
    ideas = TwilightIdea.objects.visible_to(user).for_display()
    if stage in Stage:
        ideas = ideas.at(stage)
    ahead = Session.objects.published() if user.is_staff else Session.objects.open_to(user)
    upcoming = ahead.filter(kind=Kind.TWILIGHT, starts_at__gt=timezone.now())
    context = {
        "upcoming": in_rows(upcoming.order_by("starts_at", "pk"), user)[:SHOWN],
        "page": Paginator(ideas, PER_PAGE).get_page(request.GET.get("page")),
        "stages": Stage,
        "stage": stage,
        "past": past(user),
        "can_propose": permissions.can_propose(user),
    }
    return render(request, "training/twilights.html", context)


@require_safe
def idea(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    context = {
        "idea": found,
        "is_own": found.proposed_by_id == request.user.pk,
        "can_change": can_change_programme(request.user),
    }
    return render(request, "training/idea.html", context)


def idea_add(request: Request) -> HttpResponse:
    if not permissions.can_propose(request.user):
        raise PermissionDenied("People on the programme, alumni and school leads propose ideas.")
    return _idea_form(request, None)


def idea_edit(request: Request, pk: int) -> HttpResponse:
    return _idea_form(request, _own(request, pk))


def _idea_form(request: Request, found: TwilightIdea | None) -> HttpResponse:
    """One button saves a draft, the other proposes it and requires the missing fields."""
    form = IdeaForm(request.POST or None, instance=found)

    def keep() -> TwilightIdea:
        fields = form.cleaned_data
        kept = (
            operations.begin_idea(by=request.user, **fields)
            if found is None
            else operations.change_idea(found, **fields)
        )
        return operations.propose(kept) if "propose" in request.POST else kept

    if kept := done(form, keep):
        said = "Proposed. The programme team answers you by letter."
        messages.success(request, CHANGED.get(Stage(kept.state), said))
        return redirect(kept)
    return ask(
        request,
        form,
        title="Change the idea" if found else "Propose a twilight",
        button="Keep the changes" if found and found.state != Stage.DRAFT else "Keep a draft",
        above=_above(found) if found else ("Twilights", reverse("training:twilights")),
        lead="What you did, what changed, and who would be helped by hearing it.",
        template="training/idea_form.html",
    )


@require_POST
def idea_propose(request: Request, pk: int) -> HttpResponse:
    found = _own(request, pk)
    said = "Proposed. The programme team answers you by letter."
    return _turn(request, found, lambda: operations.propose(found), said)


@require_POST
def idea_withdraw(request: Request, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return _turn(request, found, lambda: operations.withdraw_idea(found), "Taken back.")


@require_POST
def idea_accept(request: Request, pk: int) -> HttpResponse:
    found = to_change(request, TwilightIdea.objects.visible_to(request.user), pk)
    said = "Accepted, and they are told. Plan a date next."
    return _turn(request, found, lambda: operations.accept(found, by=request.user), said)


def idea_decline(request: Request, pk: int) -> HttpResponse:
    found = to_change(request, TwilightIdea.objects.visible_to(request.user), pk)
    form = AnswerForm(request.POST or None)
    if done(form, lambda: operations.decline(found, by=request.user, **form.cleaned_data)):
        messages.success(request, "They are told, with what you wrote.")
        return redirect(found)
    return ask(
        request,
        form,
        title="Not this time",
        button="Tell them",
        above=_above(found),
        lead=f"{found.proposed_by} proposed “{found.title}”.",
    )


def idea_schedule(request: Request, pk: int) -> HttpResponse:
    """The form of a twilight, filled in from the idea."""
    found = to_change(request, TwilightIdea.objects.visible_to(request.user), pk)
    initial = {
        "title": found.title,
        "summary": found.what_changed,
        "sign_up": SignUp.COMMUNITY,
        "capacity": 20,
    }
    form = SessionForm(request.POST or None, kind=Kind.TWILIGHT, initial=initial)
    made = done(form, lambda: operations.schedule(found, **form.values()))
    if made is not None:
        messages.success(
            request, "Kept as a draft, and whoever had the idea is asked to present it."
        )
        return redirect(made)
    return ask(request, form, title="Plan a date", button="Keep it as a draft", above=_above(found))


def _turn(
    request: Request, found: TwilightIdea, turn: Callable[[], Any], said: str
) -> HttpResponse:
    return act(request, turn, said=said, back=found.get_absolute_url())


def _above(found: TwilightIdea) -> tuple[str, ...]:
    return ("Twilights", reverse("training:twilights"), found.title, found.get_absolute_url())


def _found(request: Request, pk: int) -> TwilightIdea:
    return get_object_or_404(TwilightIdea.objects.visible_to(request.user).for_display(), pk=pk)


def _own(request: Request, pk: int) -> TwilightIdea:
    found = _found(request, pk)
    if found.proposed_by_id != request.user.pk:
        raise PermissionDenied("Whoever proposed an idea changes it.")
    return found
