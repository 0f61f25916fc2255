"""Inviting a newcomer to the sessions that their cohort was invited to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.guards import changing_programme
from cohorts.models import Participation
from dlp import words
from dlp.asking import ask, done
from dlp.http import Request
from training.forms.newcomers import NewcomerForm
from training.newcomers import missed_out
from training.operations.bookings import invite_to_all


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def newcomer(request: Request, pk: int) -> HttpResponse:
    seen = Participation.objects.visible_to(request.user).for_display()
    participation = get_object_or_404(seen, pk=pk)
    person, url = participation.person, participation.person.get_absolute_url()
    sessions = missed_out(participation)
    form = NewcomerForm(request.POST if request.method == "POST" else None, sessions=sessions)
    asked = done(form, lambda: invite_to_all(form.cleaned_data["sessions"], person))
    if asked is not None:
        messages.success(request, f"{person} is asked to {words.count(len(asked), 'session')}.")
        return redirect(url)
    return ask(
        request,
        form,
        title=f"Ask {person} to sessions",
        button="Ask them" if sessions else "",
        above=("People", reverse("cohorts:people"), str(person), url),
        lead=f"Others of the {participation.cohort} were asked to these, and {person} was not."
        if sessions
        else f"{person} is asked to everything that the {participation.cohort} is asked to.",
    )
