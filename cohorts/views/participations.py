"""Each change to a participation, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.forms import participations as forms
from cohorts.guards import to_change
from cohorts.models import Cohort, Participation, ParticipationChange
from cohorts.operations import fitting
from cohorts.operations import participations as operations
from cohorts.operations.many import to_each
from dlp import words
from dlp.asking import act, ask, done
from dlp.http import Request, safe_redirect


@dataclass(frozen=True)
class StepPage:
    """How one change is asked for. {0} in the sentences is the person."""

    operation: Callable[..., Participation]
    form: type[forms.DayForm | forms.ReviewForm]
    title: str
    button: str
    said: str
    kind: str = ""


STEPS = {
    "accept": StepPage(
        operations.accept, forms.DayForm, "{0} accepts", "Record it", "{0} has accepted."
    ),
    "decline": StepPage(
        operations.decline,
        forms.NoteForm,
        "{0} declines the place",
        "Record it",
        "{0} has declined the place.",
    ),
    "start": StepPage(
        operations.start,
        forms.StartForm,
        "{0} starts",
        "Record the start",
        "The start is recorded.",
    ),
    "defer": StepPage(
        operations.defer,
        forms.DeferForm,
        "{0} defers",
        "Record the deferral",
        "The deferral is recorded.",
    ),
    "review": StepPage(
        operations.review,
        forms.ReviewForm,
        "Look again at {0}’s deferral",
        "Save the days",
        "The days are as you left them.",
    ),
    "resume": StepPage(
        operations.resume,
        forms.ResumeForm,
        "{0} comes back",
        "Record the return",
        "The return is recorded, and the expected last day has moved with it.",
    ),
    "transfer": StepPage(
        operations.transfer,
        forms.TransferForm,
        "{0} moves to another cohort",
        "Transfer them",
        "The transfer is recorded.",
    ),
    "withdraw": StepPage(
        operations.withdraw,
        forms.WithdrawForm,
        "{0} withdraws",
        "Record the withdrawal",
        "The withdrawal is recorded.",
        kind="danger",
    ),
    "reinstate": StepPage(
        operations.reinstate,
        forms.NoteForm,
        "{0} is reinstated",
        "Reinstate them",
        "{0} is reinstated.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def participation_step(request: Request, pk: int, verb: str) -> HttpResponse:
    participation = to_change(
        request, Participation.objects.visible_to(request.user).for_display(), pk
    )
    step, person = STEPS[verb], participation.person
    form = step.form(request.POST or None, participation=participation)
    if done(form, lambda: step.operation(participation, by=request.user, **form.cleaned_data)):
        messages.success(request, step.said.format(person))
        return safe_redirect(request, request.GET.get("next"), fallback=person.get_absolute_url())
    return ask(
        request,
        form,
        title=step.title.format(person),
        button=step.button,
        above=("People", reverse("cohorts:people"), str(person), person.get_absolute_url()),
        lead=f"{participation.cohort}. {person} {fitting.stands(participation)}.",
        kind=step.kind,
    )


@dataclass(frozen=True)
class ManyPage:
    """How one change for many people is asked for. {0} in the title is the cohort."""

    operation: Callable[..., Participation]
    state: Participation.State
    usual_day: str
    """The column that holds each one's own day."""
    title: str
    button: str
    day_hint: str
    said: str


MANY = {
    "start": ManyPage(
        operations.start,
        Participation.State.ACCEPTED,
        "starts_on",
        "Who starts in {0}",
        "Record the starts",
        "The first day of all of them. Left out, each starts on their own first day.",
        "started",
    ),
    "complete": ManyPage(
        operations.complete,
        Participation.State.ACTIVE,
        "expected_end_on",
        "Who completes {0}",
        "Record the completions",
        "The last day of all of them. Left out, each completes on their own expected last day.",
        "completed",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_step(request: Request, pk: int, verb: str) -> HttpResponse:
    """One change for many people of a cohort; those it does not fit are named, with the reason."""
    cohort = to_change(request, Cohort.objects.visible_to(request.user), pk)
    step, url = MANY[verb], cohort.get_absolute_url()
    held = Participation.objects.visible_to(request.user).filter(cohort=cohort, state=step.state)
    held = held.select_related("person", "cohort").order_by("person__search_text", "pk")
    due = held.filter(**{f"{step.usual_day}__lte": timezone.localdate()})
    form = forms.ManyForm(request.POST or None, held=held, chosen=due, day_hint=step.day_hint)
    if form.is_valid():
        on = form.cleaned_data["on"]
        outcome = to_each(
            form.cleaned_data["people"],
            lambda one: step.operation(one, by=request.user, on=on or getattr(one, step.usual_day)),
        )
        if outcome.done:
            number = words.count(len(outcome.done), "person", "people")
            messages.success(request, f"{number} {step.said}.")
        if not outcome.skipped:
            return redirect(url)
        for one, why in outcome.skipped:
            form.add_error(None, f"{one.person}: {why}")
    return ask(
        request,
        form,
        title=step.title.format(cohort),
        button=step.button,
        above=("Cohorts", reverse("cohorts:list"), str(cohort), url),
        lead="Whoever is ticked and cannot be recorded is left as they are, and you are told why."
        if held
        else f"Nobody in {cohort} waits for this today.",
    )


@require_POST
def change_undo(request: Request, pk: int) -> HttpResponse:
    change = to_change(
        request,
        ParticipationChange.objects.visible_to(request.user).select_related(
            "participation__person"
        ),
        pk,
    )
    return act(
        request,
        lambda: operations.undo(change, by=request.user),
        said=f"“{change}” was undone.",
        back=change.participation.person.get_absolute_url(),
    )
