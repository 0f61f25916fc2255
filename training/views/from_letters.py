"""Pages that a letter's signed link opens, signed in or not: GET shows, POST acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dlp.signin import links
from dlp.text import typed

View = Callable[[HttpRequest, Any, str], HttpResponse]


def opened_by_link(
    purpose: str, row_of: Callable[[dict[str, Any]], Any | None], *, gone: str
) -> Callable[[View], Callable[..., HttpResponse]]:
    """Give the view the row for which the token in its address was signed.

    Anybody who follows the link gets the page. `row_of` looks the row up by what was signed; if it
    is gone, the page says `gone`. The token opens nothing but this page.
    """

    def with_row(view: View) -> Callable[..., HttpResponse]:
        @login_not_required
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponse:
            try:
                row = row_of(links.read(token, purpose))
                if row is None:
                    raise links.LinkProblem(gone)
            except links.LinkProblem as problem:
                return render(
                    request, "training/letter_reply_gone.html", {"why": problem}, status=410
                )
            return view(request, row, token)

        return page

    return with_row


def answer_given(request: HttpRequest, *, unsaid: str) -> tuple[bool, str] | None:
    """Yes or no, and why not; None if neither button was pressed, and the page says so."""
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        messages.error(request, unsaid)
        return None
    return answer == "yes", typed(request.POST.get("reason", ""))[:200]
