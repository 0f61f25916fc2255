"""Asking somebody to present."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cohorts.guards import to_change
from dlp.asking import ask, done
from dlp.http import Request
from training.forms import PresenterForm
from training.models import Session
from training.operations import presenters as operations


def presenter_add(request: Request, pk: int) -> HttpResponse:
    session = to_change(request, Session.objects.visible_to(request.user), pk)
    form = PresenterForm(request.POST or None)
    if asked := done(form, lambda: operations.ask(session, **form.cleaned_data)):
        messages.success(request, f"{asked.who} is asked by letter.")
        return redirect(session)
    url = session.get_absolute_url()
    return ask(
        request,
        form,
        title="Ask somebody to present",
        button="Ask them",
        above=("Sessions", reverse("training:calendar"), session.title, url),
        lead="They get a letter with a link, by which they say yes or no.",
    )
