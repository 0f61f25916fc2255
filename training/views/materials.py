"""What a session leaves behind: files for those who may see them, and the practice card."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dlp.asking import act, ask, done
from dlp.files import attachment
from dlp.http import Request
from training import permissions
from training.forms import CardForm, ResourceForm
from training.models import PracticeCard, Resource, Session
from training.operations import materials as operations


@require_safe
def resource(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    return attachment(found.file, name=found.file_name, content_type=found.content_type)


def resource_add(request: Request, pk: int) -> HttpResponse:
    session = _to_add_to(request, pk)
    form = ResourceForm(request.POST or None, request.FILES or None)

    def hand_in() -> Resource:
        typed = dict(form.cleaned_data)
        return operations.hand_in(session, typed.pop("file"), by=request.user, **typed)

    if handed_in := done(form, hand_in):
        messages.success(request, f"{handed_in.title} is kept.")
        return redirect(session)
    return ask(request, form, title="Add a file", button="Hand it in", above=_above(session))


@require_POST
def resource_remove(request: Request, pk: int) -> HttpResponse:
    seen = Resource.objects.visible_to(request.user).select_related("session")
    found = get_object_or_404(seen, pk=pk)
    if not permissions.can_add_to(request.user, found.session):
        raise PermissionDenied("Whoever presents, leads or plans the session takes a file away.")
    return act(
        request,
        lambda: operations.remove(found),
        said=f"{found.title} is erased.",
        back=found.session.get_absolute_url(),
    )


@require_safe
def card(request: Request, pk: int) -> HttpResponse:
    cards = PracticeCard.objects.visible_to(request.user).select_related("session", "written_by")
    return render(request, "training/card.html", {"card": get_object_or_404(cards, pk=pk)})


def card_write(request: Request, pk: int) -> HttpResponse:
    session = _to_add_to(request, pk)
    kept = PracticeCard.objects.visible_to(request.user).filter(session=session).first()
    form = CardForm(request.POST or None, instance=kept)
    written = done(
        form, lambda: operations.write_card(session, by=request.user, **form.cleaned_data)
    )
    if written is not None:
        messages.success(request, "The practice card is kept. The community can read it.")
        return redirect("training:card", pk=written.pk)
    return ask(request, form, title="Practice card", button="Keep the card", above=_above(session))


def _to_add_to(request: Request, pk: int) -> Session:
    session = get_object_or_404(
        Session.objects.visible_to(request.user).prefetch_related("facilitators"), pk=pk
    )
    if not permissions.can_add_to(request.user, session):
        raise PermissionDenied("Whoever presents, leads or plans the session does that.")
    return session


def _above(session: Session) -> tuple[str, ...]:
    url = session.get_absolute_url()
    return ("Sessions", reverse("training:calendar"), session.title, url)
