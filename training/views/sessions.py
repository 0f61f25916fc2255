"""One session: its page, planning it, and changing its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cohorts.guards import changing_programme
from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.asking import act, ask, done
from dlp.http import Request
from dlp.outbox.models import Message
from dlp.prepared import SOME_TIME, SOMEBODY, SOMETHING, Prepared
from training import permissions, waiting
from training.advice import second_look, warnings_about
from training.attendees import Attendee, rows_of
from training.claims import Claim, claim_of
from training.feedback import feedback_on
from training.forms import CancelForm, InSeriesForm, ReasonForm, SeriesForm, SessionForm
from training.materials import WHETHER_LEFT, materials_of
from training.models import Booking, Kind, Series, Session
from training.operations import feedback, registers
from training.operations import series as series_operations
from training.operations import sessions as operations
from training.reminders import SUBJECT
from training.requirements import counts_for
from training.turnout import Turnout, turnout

PER_PAGE = 50


@require_safe
def session(request: Request, pk: int) -> HttpResponse:
    """One page for those who are asked, lead or plan; what it shows depends on who asks."""
    found = _found(request.user, pk)
    sees_bookings = permissions.can_see_bookings(request.user, found)
    known = _turnout(request, found) if sees_bookings else {}
    mine = _mine(request.user, found) if not known or known["turnout"].has_viewer else None
    left = materials_of(request.user, found)
    context = {
        "session": found,
        "leaders": found.facilitators.all(),
        "mine": mine,
        "claim": _claim(found, request.user, mine, presents=left["presents"] is not None),
        "awaits_note": mine is not None and found.is_over and not found.register_closed_at,
        "members": _members(found, sees_bookings, request.user),
        "sees_bookings": sees_bookings,
        "sees_link": permissions.can_see_join_link(request.user, found, mine),
        "can_change": can_change_programme(request.user),
        "says_how_it_was": mine is not None and feedback.why_not(mine) == "",
        "takes_register": permissions.can_take_register(request.user, found),
        "reads_needs": not found.is_over and permissions.leads(request.user, found),
        "register_shut": registers.why_shut(found),
        "corrects_late": found.is_over
        and found.state == Session.State.PUBLISHED
        and not registers.is_open(found)
        and permissions.can_correct_late(request.user),
        "warnings": warnings_about(found) if request.user.is_staff and _is_ahead(found) else [],
        "letters": _letters(found) if request.user.is_staff else [],
        "residential": getattr(found, "residential", None)
        if found.kind == Kind.RESIDENTIAL
        else None,
        **known,
        **left,
        "feedback": feedback_on(found) if sees_bookings or left["presents"] else None,
    }
    return render(request, "training/session.html", context)


def _is_ahead(found: Session) -> bool:
    """Whether it is still to be planned: nothing is amiss with one that is called off."""
    return not found.has_begun and found.state not in Session.CALLED_OFF


def _turnout(request: Request, found: Any) -> dict[str, Any]:
    known = turnout(found, request.GET.get("who", ""), viewer=request.user)
    if not found.has_begun:
        found.coming_count = known.number("coming")  # whether it is full, without those away
    paginator = Paginator(rows_of(known.shown), PER_PAGE)
    paginator.count = known.shown_count  # counted already
    page = paginator.get_page(request.GET.get("page"))
    return {
        "turnout": known,
        "page": page,
        "attendees": [Attendee(*row) for row in page.object_list],
        **_of_waiting(found, known),
    }


def _of_waiting(found: Any, known: Turnout) -> dict[str, Any]:
    """Why people on the waiting list have no place, and who has one too many.

    Only looked up if there is either.
    """
    waits = any(group.key == "waiting" for group in known.groups)
    is_over_full = found.capacity and found.coming_count > found.capacity and _is_ahead(found)
    return {
        "why_nobody": waiting.why_nobody(found) if waits else "",
        "beyond": waiting.beyond(found) if is_over_full else [],
    }


@changing_programme
def session_add(request: Request) -> HttpResponse:
    kind = _kind(request)
    form = SessionForm(request.POST or None, kind=kind, initial=_asked_for(request))

    def write_down() -> Session:
        return operations.create_session(**form.values())

    if not looks(request) and (made := done(form, write_down)):
        messages.success(
            request, "Kept as a draft. Nobody sees it, and nothing is sent, until you publish."
        )
        return redirect(made)
    return _form(request, form, kinds=Kind)


@changing_programme
def session_edit(request: Request, pk: int) -> HttpResponse:
    found = _found(request.user, pk)
    told = found.state != Session.State.DRAFT
    is_one_of_many = series_operations.following_in_series(found).exists()
    kind_of_form = InSeriesForm if is_one_of_many else SessionForm
    form = kind_of_form(request.POST or None, kind=found.kind, instance=found)

    def change() -> list[Session]:
        if form.cleaned_data.get("following"):
            return series_operations.edit_following(found, by=request.user, **form.values())
        return [operations.edit_session(found, by=request.user, **form.values())]

    if not looks(request) and (changed := done(form, change)):
        also = f", and {len(changed) - 1} after it" if len(changed) > 1 else ""
        messages.success(request, f"{changed[0].title} is changed{also}.")
        return redirect(changed[0])
    return _form(request, form, session=found, told=told)


@changing_programme
def series_add(request: Request) -> HttpResponse:
    kind = _kind(request)
    form = SeriesForm(request.POST or None, kind=kind, initial=_asked_for(request))

    def plan() -> tuple[Series, list[Session]]:
        series, made = series_operations.create_series(days=form.days(), **form.values())
        if form.cleaned_data["publish_now"]:
            series_operations.publish_series(series)
        return series, made

    if not looks(request) and (planned := done(form, plan)):
        series, made = planned
        messages.success(request, f"{words.count(len(made), 'session')} planned.")
        return redirect("training:series", pk=series.pk)
    kinds = [each for each in Kind if each != Kind.RESIDENTIAL]
    return _form(request, form, kinds=kinds, is_series=True)


@require_POST
@changing_programme
def session_publish(request: Request, pk: int) -> HttpResponse:
    return _turn(request, pk, operations.publish, "Published. Invite people to it next.")


@changing_programme
def session_postpone(request: Request, pk: int) -> HttpResponse:
    found = _found(request.user, pk)
    return _turn_with_reason(
        request,
        found,
        ReasonForm(request.POST or None),
        operations.postpone,
        verb="Postpone",
        explains="Answers stay. Everybody who was told of it is told that it has no date for now, "
        "and its reminders do not go. Publish it again when it has a new date.",
        said="Postponed. Everybody who was told of it is told.",
    )


@changing_programme
def session_cancel(request: Request, pk: int) -> HttpResponse:
    found = _found(request.user, pk)
    return _turn_with_reason(
        request,
        found,
        CancelForm(request.POST or None, session=found),
        partial(operations.cancel, by=request.user),
        verb="Cancel",
        explains="Everybody who was told of it is told, and it leaves their calendars. "
        "People who were never told hear nothing.",
        said="Cancelled. Everybody who was told of it is told.",
    )


@require_POST
@changing_programme
def session_reinstate(request: Request, pk: int) -> HttpResponse:
    return _turn(request, pk, operations.reinstate, "It goes ahead after all.")


def looks(request: Request) -> bool:
    """Whether only warnings about the typed times are asked for."""
    return "look" in request.POST


def _form(request: Request, form: SessionForm, **more: Any) -> HttpResponse:
    """The form, with warnings about the typed times once asked for."""
    advice = None
    if looks(request):
        form.full_clean()
        if planned := form.planned():
            advice = second_look(
                form.kind,
                planned,
                form.asked(),
                besides=form.besides(),
                place=form.cleaned_data.get("venue"),
            )
    context = {"form": form, "kind": form.kind, "advice": advice, **more}
    return render(request, "training/session_form.html", context)


def _found(user: Person, pk: int) -> Session:
    question, now = _question(user.is_staff, timezone.localdate()), timezone.now()
    found: Session = question.one_or_404({SOMEBODY: user.pk, SOMETHING: pk, SOME_TIME: now})
    return found


@lru_cache(maxsize=4)
def _question(is_staff: bool, day: date) -> Prepared:
    """A session with everything its page shows, as a prepared query for anybody on this day."""
    somebody = Person(pk=SOMEBODY, is_staff=is_staff)
    seen = Session.objects.visible_to(somebody, SOME_TIME)
    known = seen.for_display().with_counts().annotate(counts_for=counts_for("name"), **WHETHER_LEFT)
    found = known.select_related("practice_card").prefetch_related("facilitators")
    letters = {"letters": _tally_of_letters(somebody)} if is_staff else {}
    return Prepared(found.filter(pk=SOMETHING).annotate(**letters))


def _tally_of_letters(viewer: Person) -> ArraySubquery:
    letters = Message.objects.visible_to(viewer)
    about = letters.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"))
    tally = about.order_by("state").values("state").annotate(number=Count("pk"))
    return ArraySubquery(tally.values(told=JSONObject(state="state", number="number")))


def _letters(session: Any) -> list[tuple[str, int]]:
    """How many letters about it were sent, wait, or were not sent, in plain words."""
    return [(Message.State(one["state"]).label, one["number"]) for one in session.letters]


def _claim(
    session: Session, person: Person, mine: Booking | None, *, presents: bool
) -> Claim | None:
    """What they can do about a place.

    Staff and presenters need none, unless they have one.
    """
    needs_none = person.is_staff or presents
    return None if needs_none and mine is None else claim_of(session, person, mine)


def _mine(person: Person, session: Session) -> Booking | None:
    mine = Booking.objects.standing().filter(session=session, person=person).first()
    if mine is not None:
        mine.session = session
    return mine


def _members(session: Session, sees_bookings: bool, viewer: Person) -> list[str]:
    """The other members of a supervision group, who know each other; others are not told who comes."""
    if session.kind != Kind.SUPERVISION or sees_bookings:
        return []
    others = session.bookings.standing().exclude(person=viewer).select_related("person")
    return [one.person.name for one in others]


def _kind(request: Request) -> Kind:
    asked = request.GET.get("kind", Kind.TWILIGHT)
    return Kind(asked) if asked in Kind else Kind.TWILIGHT


def _asked_for(request: Request) -> dict[str, Any]:
    """Initial values from the link that led here: a date, a group, a cohort."""
    asked: dict[str, Any] = {
        name: request.GET[name] for name in ("starts_on", "group") if name in request.GET
    }
    if request.GET.get("cohort", "").isdecimal():
        asked["cohorts"] = [int(request.GET["cohort"])]
    return asked


def _turn(request: Request, pk: int, turn: Callable[..., Session], said: str) -> HttpResponse:
    found = _found(request.user, pk)
    back = found.get_absolute_url()
    return act(request, lambda: turn(found), said=said, back=back)


def _turn_with_reason(
    request: Request,
    found: Session,
    form: ReasonForm,
    turn: Callable[..., Session],
    *,
    verb: str,
    explains: str,
    said: str,
) -> HttpResponse:
    url = found.get_absolute_url()
    if done(form, lambda: turn(found, **form.cleaned_data)):
        messages.success(request, said)
        return redirect(url)
    day = f"{words.when(found.starts_at, found.ends_at)}, {found.place}."
    return ask(
        request,
        form,
        title=f"{verb} {found.title}",
        button=f"{verb} it",
        above=("Sessions", reverse("training:calendar"), found.title, url),
        lead=f"{day} {explains}",
        kind="danger",
    )
