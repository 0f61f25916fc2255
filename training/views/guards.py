"""Who may come past the door of a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from cohorts.permissions import can_change_programme
from dlp.http import Request

View = Callable[..., HttpResponse]


def changing_programme(view: View) -> View:
    """Only staff who may change the programme: others on the staff get 403, everybody else 404."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        if not can_change_programme(request.user):
            raise PermissionDenied(
                "Only programme leads and coordinators can plan sessions and supervision."
            )
        return view(request, *args, **kwargs)

    return guarded
