"""Who may come past the door of a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from cohorts.models import Person
from cohorts.permissions import can_change_programme, is_staff
from dlp.http import Request

View = Callable[..., HttpResponse]
M = TypeVar("M", bound=Model)


def only_staff(person: Person) -> None:
    if not is_staff(person):
        raise PermissionDenied("That is for programme staff.")


def only_those_who_change(person: Person) -> None:
    if not can_change_programme(person):
        raise PermissionDenied("Only programme leads and coordinators can do that.")


def to_change(request: Request, seen: QuerySet[M], pk: int) -> M:
    """One of what this person sees, to change it: else 404, or 403 if they may only look."""
    found = get_object_or_404(seen, pk=pk)
    only_those_who_change(request.user)
    return found


def changing_programme(view: View) -> View:
    """For what only staff know of: staff who may not change it get 403, everybody else 404."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_staff(request.user):
            raise Http404
        only_those_who_change(request.user)
        return view(request, *args, **kwargs)

    return guarded
