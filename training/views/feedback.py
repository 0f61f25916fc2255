"""The three questions after a session, on a page of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from dlp import words
from dlp.asking import ask, done
from dlp.http import Request
from training.feedback import SPOKEN_ENOUGH
from training.forms import FeedbackForm
from training.models import Booking
from training.operations import feedback as operations


def feedback(request: Request, pk: int) -> HttpResponse:
    mine = Booking.objects.standing().filter(person=request.user).select_related("session")
    booking = get_object_or_404(mine, session=pk)
    session = booking.session
    if why := operations.why_not(booking):
        messages.info(request, why)
        return redirect(session)
    form = FeedbackForm(request.POST or None)
    if done(form, lambda: operations.give(booking, **form.cleaned_data)):
        messages.success(request, "Thank you. Whoever led it reads it without your name.")
        return redirect(session)
    return ask(
        request,
        form,
        title="How was it?",
        button="Send it",
        above=(
            "Sessions",
            reverse("training:calendar"),
            session.title,
            session.get_absolute_url(),
        ),
        lead=f"{session.title}, {words.short_day(session.starts_at)}. Three questions, asked once. "
        "Nobody is told who said what, and what people wrote is shown only once "
        f"{words.in_words(SPOKEN_ENOUGH)} have answered.",
    )
