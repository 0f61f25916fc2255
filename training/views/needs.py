"""What people need at sessions: written by them, read by those who lead a session."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp.asking import act, ask, done
from dlp.http import Request
from training import permissions
from training.forms.needs import NeedForm
from training.models import Session
from training.operations import needs as operations


@require_http_methods(["GET", "HEAD", "POST"])
def my_needs(request: Request) -> HttpResponse:
    said = operations.said_by(request.user) if request.method != "POST" else ""
    form = NeedForm(request.POST or None, initial={"text": said, "agrees": bool(said)})

    def share() -> object:
        return operations.share(request.user, text=form.cleaned_data["text"])

    if done(form, share):
        return redirect("training:my_needs")
    return ask(
        request,
        form,
        title="What I need at sessions",
        button="Share it with who leads",
        above=("My account", reverse("signin:account")),
        lead="Kept sealed. Whoever leads a session you are coming to reads it before the day, so that the "
        "session works for you; the programme team does not, unless they lead it. Each reading is noted.",
        template="training/my_needs.html",
        more={"said": said},
    )


@require_POST
def my_needs_take_back(request: Request) -> HttpResponse:
    return act(
        request,
        lambda: operations.take_back(request.user),
        said="Erased. Nobody can read it now.",
        back=reverse("training:my_needs"),
    )


@require_safe
def session_needs(request: Request, pk: int) -> HttpResponse:
    """For those who lead a future session."""
    known = Session.objects.visible_to(request.user).select_related("group")
    session = get_object_or_404(known.prefetch_related("facilitators"), pk=pk)
    if not permissions.leads(request.user, session):
        raise PermissionDenied("Only whoever leads the session reads what people need.")
    context = {"session": session, "needs": operations.read_for(session, by=request.user)}
    return render(request, "training/session_needs.html", context)
