"""Inviting people to a session, and removing them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cohorts.guards import changing_programme
from cohorts.models import Cohort, Participation, Person
from dlp import words
from dlp.asking import act
from dlp.errors import Refused
from dlp.http import Request
from training.advice import warnings_about_asking
from training.models import Booking, Guests, Session
from training.operations import bookings as operations


@require_safe
@changing_programme
def invite(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    cohorts = Cohort.objects.visible_to(request.user).filter(ends_on__gte=timezone.localdate())
    cohort = cohorts.filter(pk=_number(request.GET.get("cohort"))).first()
    if cohort is None and session.group_id is None:
        cohort = session.cohorts.first()
    there = set(
        session.bookings.exclude(state=Booking.State.WITHDRAWN).values_list("person_id", flat=True)
    )
    wanted = request.GET.get("q", "").strip()
    found = (
        Person.objects.visible_to(request.user).matching(wanted)
        if wanted
        else Person.objects.none()
    )
    context = {
        "session": session,
        "cohorts": cohorts,
        "cohort": cohort,
        "wanted": wanted,
        "found": [(who, who.pk in there) for who in found.filter(is_active=True)[:20]],
        "guests": [] if session.group_id else [_circle(guests, there) for guests in Guests],
        **_preview(session, cohort, there),
    }
    return render(request, "training/invite.html", context)


@require_POST
@changing_programme
def invite_cohort(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user), pk=_number(request.POST.get("cohort"))
    )
    return _ask(request, session, lambda: operations.invite_cohort(session, cohort))


@require_POST
@changing_programme
def invite_group(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    return _ask(request, session, lambda: operations.invite_group(session))


@require_POST
@changing_programme
def invite_guests(request: Request, pk: int) -> HttpResponse:
    session, asked = _session(request, pk), request.POST.get("guests", "")
    if asked not in Guests:
        raise Http404
    return _ask(request, session, lambda: operations.invite_guests(session, Guests(asked)))


@require_POST
@changing_programme
def invite_person(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    person = get_object_or_404(
        Person.objects.visible_to(request.user), pk=_number(request.POST.get("person"))
    )
    return _ask(request, session, lambda: [operations.invite_person(session, person)])


@require_POST
@changing_programme
def booking_withdraw(request: Request, pk: int) -> HttpResponse:
    booking = get_object_or_404(Booking.objects.visible_to(request.user).for_display(), pk=pk)
    return act(
        request,
        lambda: operations.withdraw_booking(booking),
        said=f"{booking.person.name} is off this session. Nothing more is sent to them.",
        back=booking.session.get_absolute_url(),
    )


def _session(request: Request, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).for_display(), pk=pk)


def _number(typed: str | None) -> int:
    """The key that was sent; 0, which no row has, for nonsense."""
    return int(typed) if typed and typed.isdecimal() and len(typed) < 19 else 0


def _circle(guests: Guests, there: set[int]) -> tuple[Guests, list[Person], str]:
    """Alumni or school leads: how many would be invited, and the first few names."""
    asked = [who for who in guests.people if who.pk not in there]
    return guests, asked, words.named([who.name for who in asked])


def _preview(session: Session, cohort: Cohort | None, there: set[int]) -> dict[str, object]:
    """Who would be invited, who is on the session already, and who is left out and why."""
    if session.group_id:
        people = operations.members_on(session)
    elif cohort:
        people = operations.expected_of(cohort, session)
    else:
        people = []
    left_out = []
    if cohort and not session.group_id:
        left_out = list(
            cohort.participations.filter(state=Participation.State.DEFERRED).select_related(
                "person"
            )
        )
    asked = [who for who in people if who.pk not in there]
    return {
        "asked": asked,
        "warnings": warnings_about_asking(session, asked)
        if asked and not session.has_begun
        else [],
        "already": [who for who in people if who.pk in there],
        "left_out": left_out,
    }


def _ask(request: Request, session: Session, ask: Callable[[], list[Booking]]) -> HttpResponse:
    try:
        new = ask()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("training:invite", pk=session.pk)
    people = words.count(len(new), "person", "people")
    if session.state == Session.State.DRAFT:
        messages.success(request, f"{people} added. They hear of it when you publish it.")
    else:
        messages.success(request, f"{people} invited.")
    return redirect(session)
