"""Shared permission checks at the top of views."""

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
    """Fetch one object that this person may change.

    404 if they cannot see it, 403 if they can see it but not change it.
    """
    found = get_object_or_404(seen, pk=pk)
    only_those_who_change(request.user)
    return found


def changing_programme(view: View) -> View:
    """Guard a view for staff who change the programme: 403 for other staff, 404 for everybody else."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_staff(request.user):
            raise Http404
        only_those_who_change(request.user)
        return view(request, *args, **kwargs)

    return guarded
