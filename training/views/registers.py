"""The register, made for a phone: each tap is saved, and it works without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from cohorts.models import Person
from dlp import words
from dlp.asking import act, ask, done
from dlp.errors import Refused
from dlp.http import Request
from dlp.prepared import SOME_DAY, SOME_TIME, SOMEBODY, SOMETHING, Prepared
from placements.models import Placement
from training import marks, permissions
from training.attendees import deferred
from training.forms import LateCorrectionForm
from training.marks import Mark, mark_of
from training.models import Booking, Session
from training.operations import registers as operations
from training.requirements import counts_for

MARK = "mark-"
OTHER_MARK = "dlp-other-mark"
"""The event that tells a page of a later tap: the mark that stands."""


class Row(NamedTuple):
    """One person in the register; `name` is the form field, `mark` its value."""

    name: str
    person: str
    mark: str
    note: str


def register(request: Request, pk: int) -> HttpResponse:
    session = register_of(request.user, pk)
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
    """One tap, with its time. Answers with how many are left.

    If a later tap exists already, the answer says which, and tells the page.
    """
    session = register_of(request.user, pk)
    tapped = _marks(request)
    if len(tapped) != 1:
        return HttpResponseBadRequest("Send one mark at a time.")
    try:
        operations.mark_many(session, tapped, by=request.user, at=_tapped_at(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return render(request, "training/_register_state.html", _state(session), status=409)
    [(pk, mark)] = tapped.items()
    booking = session.bookings.filter(pk=pk).first()
    if booking is None or mark_of(booking) == mark:
        return render(request, "training/_register_state.html", _state(session))
    stands = mark_of(booking)
    messages.info(request, f"A later tap stands: {stands.says}. Yours is kept in the history.")
    answer = render(request, "training/_register_state.html", _state(session))
    return trigger_client_event(answer, OTHER_MARK, {"mark": stands.written})


@require_POST
def register_rest(request: Request, pk: int) -> HttpResponse:
    session = register_of(request.user, pk)

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
    session = register_of(request.user, pk)
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
    session = register_of(request.user, pk)
    return act(
        request,
        lambda: operations.reopen_register(session),
        said="The register is open again.",
        back=reverse("training:register", args=[pk]),
    )


def booking_correct(request: Request, pk: int) -> HttpResponse:
    """Correct a mark after the days for it: by programme leads, with a reason."""
    seen = Booking.objects.visible_to(request.user).for_display()
    booking = get_object_or_404(seen, pk=pk)
    if not permissions.can_correct_late(request.user):
        raise PermissionDenied("Only programme leads correct a register after so long.")
    form = LateCorrectionForm(request.POST or None, initial={"mark": mark_of(booking).written})
    if done(form, lambda: operations.correct_late(booking, by=request.user, **form.cleaned_data)):
        messages.success(request, f"The mark of {booking.person.name} is corrected.")
        return redirect(booking.session)
    session = booking.session
    return ask(
        request,
        form,
        title=f"Correct the mark of {booking.person.name}",
        button="Correct it",
        above=(
            "Sessions",
            reverse("training:calendar"),
            session.title,
            session.get_absolute_url(),
        ),
        lead=f"{session.title}, {words.when(session.starts_at, session.ends_at)}. "
        "The history keeps what the register said, who corrects it and why.",
    )


def register_of(user: Person, pk: int) -> Session:
    question, now = _question(user.is_staff, timezone.localdate()), timezone.now()
    session: Session = question.one_or_404({SOMEBODY: user.pk, SOMETHING: pk, SOME_TIME: now})
    if not permissions.can_take_register(user, session):
        raise PermissionDenied(
            "Whoever leads the session, or the programme team, takes its register."
        )
    return session


@lru_cache(maxsize=4)
def _question(is_staff: bool, day: date) -> Prepared:
    """A session with its register, as a prepared query for anybody on this day."""
    seen = Session.objects.visible_to(Person(pk=SOMEBODY, is_staff=is_staff), SOME_TIME)
    known = seen.select_related("group", "register_closed_by").prefetch_related("facilitators")
    return Prepared(known.annotate(counts_for=counts_for("name")).filter(pk=SOMETHING))


def _marks(request: Request) -> dict[int, Mark]:
    """The marks in the request, by booking; a blank one removes a mark.

    What is no mark is ignored.
    """
    return {
        int(name.removeprefix(MARK)): mark
        for name, value in request.POST.items()
        if name.startswith(MARK) and name.removeprefix(MARK).isdecimal()
        for mark in [marks.read(str(value))]
        if mark is not None
    }


def _tapped_at(request: Request) -> datetime | None:
    """When the device says it was tapped; None if that makes no sense."""
    try:
        at = parse_datetime(request.POST.get("at", ""))
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _sheet(session: Session) -> dict[str, Any]:
    """Everybody asked, those not expected last, with what to know about each."""
    noted = _noted().models({SOMETHING: session.pk, SOME_DAY: session.starts_on})
    bookings = sorted(noted, key=lambda one: not one.is_live)
    rows = [
        Row(f"{MARK}{one.pk}", one.person.name, mark_of(one).written, _note(one))
        for one in bookings
    ]
    return {"rows": rows, **_state(session, bookings)}


@cache
def _noted() -> Prepared:
    asked = Booking.objects.standing().filter(session=SOMETHING).select_related("person")
    noted = asked.with_reach().annotate(
        placed_at=_school_name(SOME_DAY), is_deferred=Exists(deferred())
    )
    told = ("state", "attendance", "excuse", "marked_at", "person__full_name", "person__known_as")
    return Prepared(noted.order_by("person__search_text", "pk").only(*told))


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
    """What to know about somebody: declined, waited, deferred, or where they are placed."""
    if not booking.is_live:
        return Booking.State(booking.state).label
    if booking.is_deferred:  # type: ignore[attr-defined]
        return "Deferred"
    return booking.placed_at or ""  # type: ignore[attr-defined]


def _school_name(day: date) -> Subquery:
    placed = Placement.objects.held_on(day)
    of_them = placed.filter(participation__person=OuterRef("person"))
    return Subquery(of_them.values("school__name")[:1])
