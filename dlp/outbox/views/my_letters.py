"""What people choose about their own letters: on their account, or by the link in a letter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp.asking import act, done
from dlp.http import Request
from dlp.outbox import kinds, muting
from dlp.outbox.forms import MuteForm
from dlp.outbox.kinds import Topic
from dlp.signin import links


@require_safe
def my_letters(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def mute(request: Request, topic: str) -> HttpResponse:
    chosen = _topic(topic)
    form = MuteForm(request.POST, prefix=topic)
    muted = done(
        form,
        lambda: muting.mute(request.user, chosen, until=form.cleaned_data["until"]),
        at="until",
    )
    if muted is None:
        return _page(request, form)
    messages.success(request, f"Switched off: {chosen.label}.")
    return redirect("outbox:my_letters")


@require_POST
def unmute(request: Request, topic: str) -> HttpResponse:
    chosen = _topic(topic)
    return act(
        request,
        lambda: muting.unmute(request.user, chosen),
        said=f"Switched on: {chosen.label}.",
        back=reverse("outbox:my_letters"),
    )


@csrf_exempt  # the link itself is the permission, and a mail service that posts it has no cookie
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Mute or unmute one topic for one person, signed in or not. GET changes nothing.

    A mail service's one-click is a POST (RFC 8058), which accepts no redirect.
    """
    try:
        person, topic = muting.from_link(token)
    except links.LinkProblem as problem:
        return render(request, "outbox/stop_gone.html", {"why": problem}, status=410)
    form = MuteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "again" in request.POST:
        muting.unmute(person, topic)
    elif request.method == "POST":
        done(form, lambda: muting.mute(person, topic, until=form.cleaned_data["until"]), at="until")
    choice = muting.choice_of(person, topic)
    return render(request, "outbox/stop.html", {"choice": choice, "form": form, "person": person})


def _page(request: Request, refused: MuteForm | None = None) -> HttpResponse:
    """Every topic with a form of its own; a refused one keeps what was typed."""
    choices = muting.choices_of(request.user)
    forms = {one.topic.name: MuteForm(prefix=one.topic.name) for one in choices}
    if refused is not None:
        forms[str(refused.prefix)] = refused
    pairs = [(one, forms[one.topic.name]) for one in choices]
    return render(request, "outbox/my_letters.html", {"choices": pairs})


def _topic(name: str) -> Topic:
    for topic in kinds.topics():
        if topic.name == name:
            return topic
    raise Http404("No topic of letters has this name.")
