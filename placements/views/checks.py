"""Confirming checks before the first day: one tap each, by the school or by staff for it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cohorts.permissions import can_change_programme
from dlp.asking import act
from dlp.http import Request
from placements.models import Check, Placement, SchoolContact
from placements.operations import checks as operations
from placements.permissions import contact_who_confirms

ALL = "all"
CHOOSE = "Choose which check it is."


@require_POST
def check_confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm one check, or all required ones; staff say who at the school told them."""
    placement = _placement(request, pk)
    contact = _who_said_so(request, placement)
    if contact is None:
        messages.error(request, "Choose who at the school confirmed it.")
        return redirect(placement)
    back, asked = placement.get_absolute_url(), request.POST.get("check", "")
    if asked == ALL:
        return act(
            request,
            lambda: operations.confirm_required(placement, contact=contact, by=request.user),
            said="Everything required is confirmed.",
            back=back,
        )
    check = _check(placement, asked)
    if check is None:
        messages.error(request, CHOOSE)
        return redirect(placement)
    return act(
        request,
        lambda: operations.confirm(check, contact=contact, by=request.user),
        said=f"{check} is confirmed.",
        back=back,
    )


@require_POST
def check_take_back(request: Request, pk: int) -> HttpResponse:
    placement = _placement(request, pk)
    check = _check(placement, request.POST.get("check", ""))
    if check is None:
        messages.error(request, CHOOSE)
        return redirect(placement)
    return act(
        request,
        lambda: operations.take_back(check),
        said=f"{check} is not confirmed after all.",
        back=placement.get_absolute_url(),
    )


def _placement(request: Request, pk: int) -> Placement:
    """A placement whose checks this person may confirm: else 404, or 403 if they may only look."""
    visible = Placement.objects.visible_to(request.user).select_related("school")
    placement = get_object_or_404(visible, pk=pk)
    if can_change_programme(request.user) or contact_who_confirms(request.user, placement):
        return placement
    raise PermissionDenied("Only the school and the programme confirm checks.")


def _check(placement: Placement, asked: str) -> Check | None:
    return placement.checks.filter(pk=_number(asked)).first()


def _who_said_so(request: Request, placement: Placement) -> SchoolContact | None:
    """The signed-in contact, or the one whom staff name."""
    own = contact_who_confirms(request.user, placement)
    if own is not None:
        return own
    asked = request.POST.get("contact", "")
    current = SchoolContact.objects.current_on(timezone.localdate())
    return current.filter(school=placement.school_id, pk=_number(asked)).first()


def _number(asked: str) -> int:
    """The key that was sent; for nonsense one that nothing has."""
    return int(asked) if asked.isdecimal() and len(asked) < 19 else 0
