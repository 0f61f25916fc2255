"""What pages with a form or a button share: what is asked, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from dlp.errors import Refused
from dlp.http import Request

T = TypeVar("T")


def done(form: forms.BaseForm, operation: Callable[[], T], *, at: str | None = None) -> T | None:
    """What the operation returns once the form is in order; None, its refusal an error, if not.

    `at` is the field that a refusal is about, where it is always the same one.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return operation()
    except Refused as refusal:
        form.add_error(at, str(refusal))
        return None


def ask(
    request: Request,
    form: forms.BaseForm,
    *,
    title: str,
    button: str,
    above: tuple[str, ...],
    lead: str = "",
    warning: str = "",
    kind: str = "",
    template: str = "_ask.html",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form on a page of its own.

    `above` holds the crumbs over it, words and URLs in turn; the last URL is the way back. `kind`
    "danger" is for what cannot easily be made good; without a `button` nothing is asked. `template` extends `_ask.html` with what stands
    above the form, from `more`.
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
        "warning": warning,
        "kind": kind,
        **(more or {}),
    }
    return render(request, template, context)


def act(
    request: Request, operation: Callable[[], T], *, said: str | Callable[[T], str], back: str
) -> HttpResponse:
    """Do what one button says, then go back and say how it went."""
    try:
        outcome = operation()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said if isinstance(said, str) else said(outcome))
    return redirect(back)
