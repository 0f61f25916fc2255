"""Asking a signed-in person to prove again that it is them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from dlp.signin import second_factor

View = Callable[..., HttpResponse]


def recent_sign_in_required(view: View) -> View:
    """Allow a view only within five minutes of the person's last proof of identity.

    People with a second factor are asked for it, on allauth's page; others sign in again with a new
    code. A form sent meanwhile is kept for those with a second factor; a view should show its form
    only after this check, so that nobody types in vain.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if signed_in_recently(request):
            return view(request, *args, **kwargs)
        if second_factor.has_one(request.user):
            raise ReauthenticationRequired
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('signin:again')}?{query}")

    return guarded


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the last proof was recent, by the second factor if they have one."""
    records = get_authentication_records(request, request.user)
    if second_factor.has_one(request.user):
        records = [record for record in records if record.get("method") == "mfa"]
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
