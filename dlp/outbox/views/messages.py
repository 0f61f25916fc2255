"""The list of letters for staff: what was planned and sent, and why something was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp.asking import act, ask, done
from dlp.exports import hand_out
from dlp.http import Request
from dlp.outbox import kinds, listing, names, operations, permissions
from dlp.outbox.forms import MessageFilter, ReasonForm
from dlp.outbox.listing import LongList
from dlp.outbox.models import Attempt, Message
from dlp.outbox.writing import reading

if TYPE_CHECKING:
    from cohorts.models import Person


@require_safe
def message_list(request: Request) -> HttpResponse:
    _only_staff(request.user)
    filters = MessageFilter(request.GET)
    found = listing.for_entries(filters.found(request.user))
    page = LongList(found, listing.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "tabs": listing.TABS,
        "waiting_for_us": Message.objects.visible_to(request.user).needing_staff().count(),
        "chosen": _chosen(request.user, filters),
        "page": page,
        "entries": listing.entries(request.user, page.object_list, query=_query(request)),
    }
    return render(request, "outbox/list.html", context)


@require_safe
def message_export(request: Request) -> StreamingHttpResponse:
    _only_staff(request.user)
    found = MessageFilter(request.GET).found(request.user)
    rows = listing.export_rows(request.user, found)
    return hand_out(request, "messages", listing.EXPORT_HEADER, rows, count=found.count())


@require_safe
def message_detail(request: Request, pk: UUID) -> HttpResponse:
    found = Message.objects.visible_to(request.user).select_related("person", "cancelled_by")
    message = get_object_or_404(found, pk=pk)
    about = message.subject_kind, message.subject_id
    may_change = permissions.can_change_messages(request.user)
    text = reading.words_of(message)
    context = {
        "message": message,
        "about": names.of(request.user, [about]).get(about),
        "state": listing.HELD if message.is_held else message.state,
        "state_label": listing.state_label(message),
        "why": listing.why(message),
        "tries": Attempt.objects.visible_to(request.user)
        .filter(message=message)
        .select_related("by"),
        "text": text,
        "preview": "" if text else reading.preview_of(message),
        "can_retry": may_change and message.state == Message.State.DEAD and not message.is_secret,
        "can_cancel": may_change and message.is_open,
        "can_hold": may_change
        and message.is_open
        and not message.is_held
        and not message.is_secret,
        "can_release": may_change and message.is_held,
        "can_decide": may_change and _is_left_to_us(message),
    }
    return render(request, "outbox/message.html", context)


@require_POST
def message_retry(request: Request, pk: UUID) -> HttpResponse:
    message = _to_change(request, pk)
    return act(
        request,
        lambda: operations.retry_message(message, by=request.user),
        said="The letter will be tried again in a moment.",
        back=_page_of(request, message),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def message_hold(request: Request, pk: UUID) -> HttpResponse:
    return _with_reason(
        request,
        pk,
        operations.hold_message,
        title="Hold this letter",
        button="Hold the letter",
        lead="It waits until somebody releases it, also when its session is moved. Once it would come too "
        "late to be of use, it is not sent at all.",
        said="The letter is held until somebody releases it.",
    )


@require_POST
def message_release(request: Request, pk: UUID) -> HttpResponse:
    message = _to_change(request, pk)
    return act(
        request,
        lambda: operations.release_message(message, by=request.user),
        said="The letter is released. It leaves when it is due.",
        back=_page_of(request, message),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def message_cancel(request: Request, pk: UUID) -> HttpResponse:
    return _with_reason(
        request,
        pk,
        operations.cancel_message,
        title="Cancel this letter",
        button="Cancel the letter",
        lead="It is not sent, and the plan does not bring it back.",
        said="The letter is cancelled and will not be sent.",
        kind="danger",
    )


def _with_reason(
    request: Request,
    pk: UUID,
    operation: Callable[..., Message],
    *,
    title: str,
    button: str,
    lead: str,
    said: str,
    kind: str = "",
) -> HttpResponse:
    message = _to_change(request, pk)
    form = ReasonForm(request.POST or None)
    if done(form, lambda: operation(message, by=request.user, **form.cleaned_data)):
        messages.success(request, said)
        return redirect(_page_of(request, message))
    back = f"{reverse('outbox:messages')}{_query(request)}"
    return ask(
        request,
        form,
        title=title,
        button=button,
        above=("Messages", back, kinds.label(message.kind), _page_of(request, message)),
        lead=lead,
        kind=kind,
    )


@require_POST
def message_arrived(request: Request, pk: UUID) -> HttpResponse:
    message = _to_change(request, pk)
    return act(
        request,
        lambda: operations.confirm_arrival(message, by=request.user),
        said="Noted: the letter arrived.",
        back=_page_of(request, message),
    )


@require_POST
def message_again(request: Request, pk: UUID) -> HttpResponse:
    message = _to_change(request, pk)
    return act(
        request,
        lambda: operations.send_again(message, by=request.user),
        said="The letter goes once more in a moment.",
        back=_page_of(request, message),
    )


def _is_left_to_us(message: Message) -> bool:
    is_silent = message.state == Message.State.UNCERTAIN
    return is_silent and Message.objects.settled().filter(pk=message.pk).exists()


def _to_change(request: Request, pk: UUID) -> Message:
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if not permissions.can_change_messages(request.user):
        raise PermissionDenied("Only a programme lead or a coordinator decides about letters.")
    return message


def _only_staff(person: Person) -> None:
    if not permissions.can_see_messages(person):
        raise PermissionDenied("Only programme staff look up letters.")


def _query(request: Request) -> str:
    """The filters of the list, carried by each letter's page so that it leads back."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _page_of(request: Request, message: Message) -> str:
    return f"{message.get_absolute_url()}{_query(request)}"


def _chosen(viewer: Person, filters: MessageFilter) -> dict[str, str]:
    """The person and subject that a link from elsewhere filters by, in words."""
    asked = filters.cleaned_data
    chosen: dict[str, str] = {}
    if asked.get("person"):
        person = get_user_model().objects.visible_to(viewer).filter(pk=asked["person"]).first()
        chosen["person"] = f"To {person}" if person else "To nobody we know"
    if key := asked.get("subject"):
        about = names.of(viewer, [key]).get(key)
        chosen["subject"] = f"About {about.words}" if about else "About what is no longer there"
    return chosen
