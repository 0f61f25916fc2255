"""Saying from a letter whether one presents, signed in or not: GET shows, POST acts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dlp.errors import Refused
from dlp.signin import links
from training.letters.presenters import REPLY
from training.models import Presenter, Session
from training.operations import presenters as operations


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presenter_reply(request: HttpRequest, token: str) -> HttpResponse:
    """The token stands for one presenter, whoever follows it. The page names nobody else."""
    try:
        presenter = _presenter(token)
    except links.LinkProblem as problem:
        return render(request, "training/letter_reply_gone.html", {"why": problem}, status=410)
    if request.method == "POST":
        _answer(request, presenter)
        return redirect("training:presenter_reply", token=token)
    session = presenter.session
    is_open = not session.has_begun and session.state != Session.State.CANCELLED
    context = {"presenter": presenter, "session": session, "is_open": is_open}
    return render(request, "training/presenter_reply.html", context)


def _presenter(token: str) -> Presenter:
    found = Presenter.objects.filter(pk=links.read(token, REPLY)["presenter"])
    presenter = found.select_related("session__venue", "person").first()
    if presenter is None:
        raise links.LinkProblem("What this link answers is no longer there.")
    return presenter


def _answer(request: HttpRequest, presenter: Presenter) -> None:
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        messages.error(request, "Choose whether you present.")
        return
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        operations.answer(presenter, yes=answer == "yes", reason=reason)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    yes, no = "Thank you. You present.", "Thank you for saying so. The programme team knows."
    messages.success(request, yes if answer == "yes" else no)
