"""What pages with a form or a button share: showing the form, running the operation, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.apps import apps
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from psycopg.errors import ExclusionViolation, UniqueViolation

from dlp.errors import Refused
from dlp.http import Request

T = TypeVar("T")
QUICKER = (UniqueViolation, ExclusionViolation)
"""What the database says to the second of two who do at once what can be done once."""


def done(form: forms.BaseForm, operation: Callable[[], T], *, at: str | None = None) -> T | None:
    """Run the operation if the form is valid, and return its result; else None.

    A refusal becomes an error of the form; `at` is the field that it is about, if always the same.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return _tried(operation)
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

    `above` holds the breadcrumbs, words and URLs in turn; the last URL is the way back. `kind`
    "danger" is for what cannot easily be undone; without a `button` there is nothing to submit.
    `template` may extend `_ask.html` to show more above the form, from `more`.
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
    """Run the operation behind a button, then go back and say how it went."""
    try:
        outcome = _tried(operation)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said if isinstance(said, str) else said(outcome))
    return redirect(back)


def _tried(operation: Callable[[], T]) -> T:
    """Run an operation. Raises Refused, too, if somebody else has just saved what excludes this."""
    try:
        return operation()
    except IntegrityError as error:
        if isinstance(error.__cause__, QUICKER):
            raise Refused(_excluded_by(error.__cause__.diag.constraint_name)) from error
        raise


def _excluded_by(name: str | None) -> str:
    """What a constraint says to people."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    return "Somebody has just saved the same. Load the page again and look before you save."
