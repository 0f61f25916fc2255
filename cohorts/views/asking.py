"""What the pages with a form share: who may, what is asked, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cohorts.models import Person
from cohorts.permissions import can_change_programme, is_staff
from dlp.errors import Refused
from dlp.http import Request


def only_staff(person: Person) -> None:
    if not is_staff(person):
        raise PermissionDenied("Only programme staff see everyone.")


def only_those_who_change(person: Person) -> None:
    if not can_change_programme(person):
        raise PermissionDenied("Only programme leads and coordinators change people and cohorts.")


T = TypeVar("T")


def done(form: forms.BaseForm, operation: Callable[[], T]) -> T | None:
    """What the operation returns once the form is in order; None, its refusal an error, if not."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return operation()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def ask(
    request: Request,
    form: forms.BaseForm,
    *,
    title: str,
    button: str,
    above: tuple[str, str, str, str] | tuple[str, str],
    lead: str = "",
    kind: str = "",
) -> HttpResponse:
    """Show a form on a page of its own.

    `above` holds the crumbs over it, words and URLs in turn; the last URL is the way back. `kind`
    "danger" is for what cannot easily be made good.
    """
    context = {
        "form": form,
        "title": title,
        "button": button,
        "crumbs": [
            {"label": label, "url": url} for label, url in zip(above[::2], above[1::2], strict=True)
        ],
        "back": above[-1],
        "lead": lead,
        "kind": kind,
    }
    return render(request, "cohorts/ask.html", context)


def act(request: Request, operation: Callable[[], object], *, said: str, back: str) -> HttpResponse:
    """Do what one button says, then go back and say how it went."""
    try:
        operation()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)
