"""Adding somebody who came and is not on the register, found by name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cohorts.models import Person
from dlp import words
from dlp.errors import Refused
from dlp.http import Request
from training.models import Session
from training.operations import registers as operations
from training.views.registers import register_of
from training.walk_ins import may_have_come

SHOWN = 20


def register_add(request: Request, pk: int) -> HttpResponse:
    session = register_of(request.user, pk)
    known = may_have_come(request.user, session)
    if request.method == "POST":
        number = request.POST.get("person", "")
        key = int(number) if number.isdecimal() and len(number) < 19 else 0
        return _add(request, session, get_object_or_404(known, pk=key))
    wanted = request.GET.get("q", "").strip()
    found = known.matching(wanted) if wanted or session.group_id else known.none()
    marked = dict(session.bookings.exclude(attendance="").values_list("person", "attendance"))
    context = {
        "session": session,
        "wanted": wanted,
        "found": [(person, person.pk in marked) for person in found[:SHOWN]],
        "shut": operations.why_shut(session),
    }
    return render(request, "training/register_add.html", context)


def _add(request: Request, session: Session, person: Person) -> HttpResponse:
    try:
        operations.add_walk_in(session, person, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("training:register_add", pk=session.pk)
    messages.success(request, f"{person.name} is on the register, marked present.{_full(session)}")
    return redirect("training:register", pk=session.pk)


def _full(session: Session) -> str:
    """Says so if more people came than there are places."""
    coming = session.bookings.coming().count() if session.capacity else 0
    if coming <= (session.capacity or 0):
        return ""
    places = words.count(session.capacity or 0, "place")
    return f" The session was full: {coming} people come to {places}."
