"""Choosing the later session that makes up for a missed one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cohorts.guards import changing_programme
from dlp import words
from dlp.asking import ask, done
from dlp.http import Request
from training.forms import CatchUpForm
from training.models import Booking
from training.operations import catching_up as operations


@changing_programme
def catch_up(request: Request, pk: int) -> HttpResponse:
    missed = get_object_or_404(Booking.objects.visible_to(request.user).for_display(), pk=pk)
    session, name = missed.session, missed.person.name
    form = CatchUpForm(request.POST or None, missed=missed)

    def settle() -> bool:
        chosen = form.cleaned_data["makes_up"]
        if chosen:
            operations.make_up(chosen, missed)
        else:
            operations.let_go(missed)
        return True

    if done(form, settle):
        messages.success(request, f"{name}: what makes up for {session.title} is noted.")
        return redirect(session)
    return ask(
        request,
        form,
        title=f"What makes up for it: {name}",
        button="Save it",
        above=(
            "Sessions",
            reverse("training:calendar"),
            session.title,
            session.get_absolute_url(),
        ),
        lead=f"{name} missed {session.title}, {words.short_day(session.starts_at)}. A later session of "
        "the same course, or for the same requirement, to which they are asked can make up for it.",
    )
