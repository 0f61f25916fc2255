"""The register, made for a phone: saved as you tap, complete without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cohorts.models import Participation, Person
from dlp import words
from dlp.asking import act
from dlp.errors import Refused
from dlp.http import Request
from placements.models import Placement
from training import permissions
from training.models import Booking, Session
from training.operations import registers as operations
from training.requirements import counts_for

MARK = "mark-"


class Row(NamedTuple):
    """One person in the register; `name` is what the form calls their mark."""

    name: str
    person: str
    mark: str
    note: str


def register(request: Request, pk: int) -> HttpResponse:
    session = _session(request.user, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: operations.mark_many(session, _marks(request), by=request.user),
            said=lambda changed: f"{words.count(changed, 'mark')} saved.",
            back=request.path,
        )
    return render(request, "training/register.html", _sheet(session))


@require_POST
def register_mark(request: Request, pk: int) -> HttpResponse:
    """One tap. Answers with what is left to mark."""
    session = _session(request.user, pk)
    marks = _marks(request)
    if len(marks) != 1:
        return HttpResponseBadRequest("Send one mark at a time.")
    try:
        operations.mark_many(session, marks, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return render(request, "training/_register_state.html", _state(session), status=409)
    return render(request, "training/_register_state.html", _state(session))


@require_POST
def register_rest(request: Request, pk: int) -> HttpResponse:
    session = _session(request.user, pk)

    def mark_all() -> int:
        operations.mark_many(session, _marks(request), by=request.user)
        return operations.mark_rest_present(session, by=request.user)

    return act(
        request,
        mark_all,
        said=lambda marked: f"{words.count(marked, 'person', 'people')} marked present.",
        back=reverse("training:register", args=[pk]),
    )


@require_POST
def register_close(request: Request, pk: int) -> HttpResponse:
    session = _session(request.user, pk)
    try:
        operations.mark_many(session, _marks(request), by=request.user)
        operations.close_register(session, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("training:register", pk=pk)
    messages.success(request, "The register is closed. Marks can still be corrected for 30 days.")
    return redirect(session)


@require_POST
def register_reopen(request: Request, pk: int) -> HttpResponse:
    session = _session(request.user, pk)
    return act(
        request,
        lambda: operations.reopen_register(session, by=request.user),
        said="The register is open again.",
        back=reverse("training:register", args=[pk]),
    )


def _session(user: Person, pk: int) -> Session:
    sessions = Session.objects.visible_to(user).select_related("group", "register_closed_by")
    known = sessions.annotate(counts_for=counts_for("name")).prefetch_related("facilitators")
    session = get_object_or_404(known, pk=pk)
    if not permissions.can_take_register(user, session):
        raise PermissionDenied(
            "Whoever leads the session, or the programme team, takes its register."
        )
    return session


def _marks(request: Request) -> dict[int, str]:
    """The marks that came with the request, by booking; an empty one takes a mark back.

    What is no mark is passed over.
    """
    return {
        int(name.removeprefix(MARK)): str(value)
        for name, value in request.POST.items()
        if name.startswith(MARK)
        and name.removeprefix(MARK).isdecimal()
        and (value == "" or value in Booking.Attendance)
    }


def _sheet(session: Session) -> dict[str, Any]:
    """Everybody asked, those who are not expected last, and what to know of each."""
    asked = session.bookings.exclude(state=Booking.State.WITHDRAWN).select_related("person")
    noted = asked.with_reach().annotate(
        placed_at=_school_name(session), is_deferred=Exists(_deferred())
    )
    bookings = sorted(noted, key=lambda one: not one.is_live)
    rows = [Row(f"{MARK}{one.pk}", one.person.name, one.attendance, _note(one)) for one in bookings]
    return {"rows": rows, **_state(session, bookings)}


def _state(session: Session, bookings: Sequence[Booking] | None = None) -> dict[str, Any]:
    """How far the register is."""
    if bookings is None:
        bookings = list(session.bookings.exclude(state=Booking.State.WITHDRAWN).with_reach())
    expected = [
        one for one in bookings if one.attendance or (one.is_live and one.may_be_written_to)
    ]
    marked = [one for one in expected if one.attendance]
    return {
        "session": session,
        "expected": len(expected),
        "marked": len(marked),
        "left": len(expected) - len(marked),
        "last_at": max((one.marked_at for one in marked if one.marked_at), default=None),
        "shut": operations.why_shut(session),
    }


def _note(booking: Booking) -> str:
    """What to know of somebody: that they cannot come, waited, are deferred, or where they are placed."""
    if not booking.is_live:
        return Booking.State(booking.state).label
    if booking.is_deferred:  # type: ignore[attr-defined]
        return "Deferred"
    return booking.placed_at or ""  # type: ignore[attr-defined]


def _school_name(session: Session) -> Subquery:
    placed = Placement.objects.held_on(session.starts_on)
    of_them = placed.filter(participation__person=OuterRef("person"))
    return Subquery(of_them.values("school__name")[:1])


def _deferred() -> QuerySet[Participation]:
    return Participation.objects.filter(
        person=OuterRef("person"), state=Participation.State.DEFERRED
    )
