"""The answers of both sides to an offer: signed in, or from the letter. GET shows, POST acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cohorts.models import Person
from dlp.errors import Refused
from dlp.http import Request
from dlp.signin import links
from placements.models import Acceptance, Placement
from placements.offers import ANSWER, Addressee, deciders
from placements.operations import answers as operations
from placements.permissions import contact_who_decides

Side, Via = Acceptance.Side, Acceptance.Via


@require_http_methods(["GET", "HEAD", "POST"])
def placement_answer(request: Request, pk: int) -> HttpResponse:
    """The leader's own answer, or the school's by one of its deciders."""
    placement = get_object_or_404(_known().visible_to(request.user), pk=pk)
    to = side_of(request.user, placement)
    if to is None:
        raise PermissionDenied("Only the leader and the school’s host lead or head answer this.")
    if request.method == "POST":
        _answer(request, placement, to, by=request.user, via=Via.PORTAL)
        seen = Placement.objects.visible_to(request.user).filter(pk=pk)
        return redirect(placement if seen.exists() else "home:home")
    return _page(request, placement, to)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The token stands for one side of one offer, whoever follows it, and opens only this page."""
    try:
        placement, to = _of_letter(token)
    except links.LinkProblem as problem:
        context = {"why": problem}
        return render(request, "placements/letter_answer_gone.html", context, status=410)
    if request.method == "POST":
        _answer(request, placement, to, by=to.person, via=Via.LETTER)
        return redirect("placements:letter_answer", token)
    return _page(request, placement, to)


def side_of(person: Person, placement: Placement) -> Addressee | None:
    """The side for which the signed-in person answers; None if neither."""
    if placement.participation.person_id == person.pk:
        return Addressee(Side.LEADER, person=person)
    contact = contact_who_decides(person, placement)
    return Addressee(Side.SCHOOL, person, contact) if contact else None


def _of_letter(token: str) -> tuple[Placement, Addressee]:
    """Raises LinkProblem if the offer is gone, or its reader no longer decides for the school."""
    ids = links.read(token, ANSWER)
    placement = _known().filter(pk=ids["placement"]).first()
    if placement is None:
        raise links.LinkProblem("The offer that this link answers is no longer there.")
    if ids["side"] == Side.LEADER:
        return placement, Addressee(Side.LEADER, person=placement.participation.person)
    current = deciders(placement.school_id, timezone.localdate())
    contact = current.filter(pk=ids["contact"]).first()
    if contact is None:
        raise links.LinkProblem(
            f"This link was for somebody who no longer decides for {placement.school}."
        )
    return placement, Addressee(Side.SCHOOL, contact.person, contact)


def _known() -> Any:
    return Placement.objects.for_display().select_related("participation__cohort__coordinator")


def _page(request: HttpRequest, placement: Placement, to: Addressee) -> HttpResponse:
    said = {one.side for one in placement.acceptances.standing()}
    context = {
        "placement": placement,
        "is_own": to.side == Side.LEADER,
        "reader": to.name,
        "has_said_yes": to.side in said,
        "other_has_said_yes": bool(said - {to.side}),
        "is_open": placement.state == Placement.State.OFFERED,
        "is_agreed": placement.is_held,
        "asked": request.GET.get("answer", ""),
        "coordinator": placement.participation.cohort.coordinator,
    }
    return render(request, "placements/answer.html", context)


def _answer(
    request: HttpRequest, placement: Placement, to: Addressee, *, by: Person | None, via: str
) -> None:
    answer, asking = request.POST.get("answer", ""), request.POST.get("asking", "")
    read = int(asking) if asking.isdecimal() and len(asking) < 6 else 0
    try:
        if answer == "yes":
            made = operations.say_yes(
                placement, to.side, via=via, by=by, contact=to.contact, asking=read
            )
            messages.success(request, _said_yes(made))
        elif answer == "no":
            operations.decline(placement, reason=to.side, by=by, asking=read)
            messages.success(
                request, "You said no. The programme knows, and nobody else is told why."
            )
        else:
            messages.error(request, "Choose yes or no.")
    except Refused as refusal:
        messages.error(request, str(refusal))


def _said_yes(placement: Placement) -> str:
    if placement.is_held:
        return "You said yes, and so did the other side: it is agreed."
    return "You said yes. It is agreed as soon as the other side says so too."
