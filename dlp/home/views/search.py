"""One box for people, schools and sessions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dlp.home.parts.search import find
from dlp.http import Request


@require_safe
def search(request: Request) -> HttpResponse:
    """Anybody may search; they find what they may see."""
    return render(
        request, "home/search.html", {"found": find(request.user, request.GET.get("q", ""))}
    )
