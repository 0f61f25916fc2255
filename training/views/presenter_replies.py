"""Answering from a letter whether one presents; after the session, reading its feedback."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dlp.errors import Refused
from training.feedback import feedback_on
from training.letters.presenters import REPLY
from training.models import Presenter, Session
from training.operations import presenters as operations
from training.views.from_letters import answer_given, opened_by_link


def _presenter(ids: dict[str, Any]) -> Presenter | None:
    known = Presenter.objects.select_related("session__venue", "person")
    return known.filter(pk=ids["presenter"]).first()


@opened_by_link(REPLY, _presenter, gone="What this link answers is no longer there.")
def presenter_reply(request: HttpRequest, presenter: Presenter, token: str) -> HttpResponse:
    """The page names nobody else: neither who comes nor who said what."""
    if request.method == "POST":
        _answer(request, presenter)
        return redirect("training:presenter_reply", token=token)
    session = presenter.session
    has_presented = (
        session.is_over
        and session.state == Session.State.PUBLISHED
        and presenter.answer != Presenter.Answer.NO
    )
    context = {
        "presenter": presenter,
        "session": session,
        "is_open": not session.has_begun and session.state != Session.State.CANCELLED,
        "has_presented": has_presented,
        "feedback": feedback_on(session) if has_presented else None,
    }
    return render(request, "training/presenter_reply.html", context)


def _answer(request: HttpRequest, presenter: Presenter) -> None:
    answer = answer_given(request, unsaid="Choose whether you present.")
    if answer is None:
        return
    presents, reason = answer
    try:
        operations.answer(presenter, yes=presents, reason=reason)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    yes, no = "Thank you. You present.", "Thank you for saying so. The programme team knows."
    messages.success(request, yes if presents else no)
