"""Public pages: help, privacy, accessibility."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def programme_address() -> str:
    """Where people write to us; letters come from it, so replies reach it too."""
    return parseaddr(settings.MAIL_FROM)[1]


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html", {"address": programme_address()})


@login_not_required
@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"address": programme_address()})


@login_not_required
@require_safe
def accessibility_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"address": programme_address()})
