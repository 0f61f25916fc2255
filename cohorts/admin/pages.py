"""Admin actions that open the page of a step, where the step asks for what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dlp.admin import DeskAdmin


def on_its_page(url_name: str, description: str) -> Callable[..., HttpResponse | None]:
    """An action for one row at a time that opens the page where a step is taken."""

    @admin.action(description=description, permissions=["operate"])
    def lead_there(
        shown: DeskAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            why = "Choose one row: the next page asks about one at a time."
            shown.message_user(request, why, messages.WARNING)
            return None
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse(url_name, args=[chosen[0].pk])}?{back}")

    lead_there.__name__ = url_name.partition(":")[2]
    return lead_there
