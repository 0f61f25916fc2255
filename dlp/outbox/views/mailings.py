"""Writing to everybody on a list: the text, a preview, an hour to undo, and how it went."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp import words
from dlp.asking import act, done
from dlp.http import Request
from dlp.outbox import permissions
from dlp.outbox.forms import WordsForm
from dlp.outbox.letters import PLACEHOLDERS, wording
from dlp.outbox.mailing import audiences, mailings, reports
from dlp.outbox.mailing.audiences import Recipients
from dlp.outbox.models import Mailing

PAGE_SIZE = 50
NOT_WORDS = ("audience", "page")


@require_safe
def mailing_list(request: Request) -> HttpResponse:
    if not permissions.can_see_messages(request.user):
        raise PermissionDenied("Only programme staff look up letters.")
    found = Mailing.objects.visible_to(request.user).select_related("written_by", "sent_by")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "entries": reports.entries(page.object_list)}
    return render(request, "outbox/mailings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mailing_new(request: Request) -> HttpResponse:
    """A message to a filtered list; the list and its filters are in the URL."""
    _only_those_who_change(request)
    audience, asked = request.GET.get("audience", ""), request.GET.copy()
    if not audience:
        return redirect("outbox:mailings")
    for name in NOT_WORDS:
        asked.pop(name, None)
    found = audiences.recipients(request.user, audience, asked.urlencode())
    form = WordsForm(wording(request.user), request.POST or None)
    mailing = done(
        form,
        lambda: mailings.draft_mailing(
            form.words, audience=audience, asked=asked.urlencode(), by=request.user
        ),
    )
    if mailing is not None:
        messages.success(request, "Kept as a draft. Nothing is sent until you say so.")
        return redirect(mailing)
    return _form(request, form, found, title="Message these people", back=found.url)


@require_safe
def mailing_detail(request: Request, pk: int) -> HttpResponse:
    mailing = _found(request, pk)
    may_change = permissions.can_change_messages(request.user)
    context = {"mailing": mailing, "may_change": may_change}
    if mailing.is_draft:
        found = audiences.recipients(request.user, mailing.audience, mailing.asked)
        context |= {"found": found, "tries": reports.tried_on(mailing, found, request.user)}
        return render(request, "outbox/mailing_draft.html", context)
    went, now = reports.how_it_went(mailing), timezone.now()
    context |= {
        "went": went,
        "said": reports.as_written(mailing),
        "is_held": not went.sent and went.leaves_at and went.leaves_at > now,
        "is_hour_running": mailing.held_until and mailing.held_until > now,
    }
    return render(request, "outbox/mailing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mailing_edit(request: Request, pk: int) -> HttpResponse:
    mailing = _to_change(request, pk)
    if not mailing.is_draft:
        messages.error(request, "This message was sent, so its words stand.")
        return redirect(mailing)
    found = audiences.recipients(request.user, mailing.audience, mailing.asked)
    initial = {"subject": mailing.subject, "body": mailing.body}
    form = WordsForm(wording(request.user), request.POST or None, initial=initial)
    if done(form, lambda: mailings.edit_mailing(mailing, form.words)):
        messages.success(request, "The draft is changed.")
        return redirect(mailing)
    back = mailing.get_absolute_url()
    return _form(request, form, found, title="Change the words", back=back)


@require_POST
def mailing_send(request: Request, pk: int) -> HttpResponse:
    mailing = _to_change(request, pk)
    seen = request.POST.get("seen", "")
    return act(
        request,
        lambda: mailings.send_mailing(mailing, by=request.user, seen=seen),
        said="Nothing leaves for an hour. Until it leaves you can undo all of it.",
        back=mailing.get_absolute_url(),
    )


@require_POST
def mailing_now(request: Request, pk: int) -> HttpResponse:
    mailing = _to_change(request, pk)
    return act(
        request,
        lambda: mailings.send_now(mailing),
        said="The hour is over: it leaves now, or in the morning if it is night.",
        back=mailing.get_absolute_url(),
    )


@require_POST
def mailing_undo(request: Request, pk: int) -> HttpResponse:
    mailing = _to_change(request, pk)
    return act(
        request,
        lambda: mailings.undo_mailing(mailing, by=request.user),
        said=lambda number: (
            f"{words.count(number, 'letter')} called off. Nobody gets any more of it."
        ),
        back=mailing.get_absolute_url(),
    )


@require_POST
def mailing_discard(request: Request, pk: int) -> HttpResponse:
    mailing = _to_change(request, pk)
    return act(
        request,
        lambda: mailings.discard_mailing(mailing),
        said="The draft is thrown away.",
        back=reverse("outbox:mailings"),
    )


def _form(
    request: Request, form: WordsForm, found: Recipients, *, title: str, back: str
) -> HttpResponse:
    context = {
        "form": form,
        "placeholders": PLACEHOLDERS,
        "found": found,
        "title": title,
        "back": back,
    }
    return render(request, "outbox/mailing_form.html", context)


def _found(request: Request, pk: int) -> Mailing:
    found = Mailing.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("written_by", "sent_by", "undone_by"), pk=pk)


def _to_change(request: Request, pk: int) -> Mailing:
    mailing = _found(request, pk)
    _only_those_who_change(request)
    return mailing


def _only_those_who_change(request: Request) -> None:
    if not permissions.can_see_messages(request.user):
        raise Http404
    if not permissions.can_change_messages(request.user):
        raise PermissionDenied("Only a programme lead or a coordinator writes to many people.")
