"""What the pages with a form share: who may, what is asked, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cohorts.models import Person
from dlp.errors import Refused
from dlp.http import Request
from placements.permissions import can_change_schools


def only_those_who_change(person: Person) -> None:
    if not can_change_schools(person):
        raise PermissionDenied(
            "Only programme leads and coordinators change schools and placements."
        )


def done(form: forms.BaseForm, operation: Callable[[], object]) -> bool:
    """Whether the form is in order and the operation did it; its refusal becomes an error."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        operation()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def ask(
    request: Request,
    form: forms.BaseForm,
    *,
    title: str,
    button: str,
    above: tuple[str, str],
    back: str,
    lead: str = "",
    warning: str = "",
) -> HttpResponse:
    """Show a form on a page of its own. `above` is the crumb over it: its words and its URL."""
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "button": button,
        "above": above,
        "back": back,
        "lead": lead,
        "warning": warning,
    }
    return render(request, "placements/ask.html", context)


def act(request: Request, operation: Callable[[], object], *, said: str, back: str) -> HttpResponse:
    """Do what one button says, then go back and say how it went."""
    try:
        operation()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)
