"""Staff's operations on sessions. Every change of a session's state goes through this module.

What people have been told of a session is numbered. A change of its time, place, mode, leaders or
whether it takes place raises `revision` and `ics_sequence` in the same transaction (messages.md
R5); other changes do not. Each operation plans the session's letters before it commits (R3, R4),
and reports the session to the plans of those who are booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort, Person
from dlp import words
from dlp.calendar import NoSuchTime, TwoSuchTimes
from dlp.errors import Refused
from placements.models import School
from training import reminders, requirements
from training.models import (
    Course,
    Kind,
    Mode,
    Residential,
    Series,
    Session,
    SupervisionGroup,
    Venue,
)
from training.operations import presenters, registers, waiting

State = Session.State

MATERIAL = frozenset(
    {
        "starts_on",
        "starts_time",
        "ends_on",
        "ends_time",
        "in_second_hour",
        "mode",
        "venue",
        "join_link",
    }
)


WHEN = frozenset({"starts_on", "starts_time", "ends_on", "ends_time"})


class SessionFields(TypedDict, total=False):
    """The fields that staff may set; those left out stay, or take their default."""

    kind: str
    title: str
    summary: str
    course: Course | None
    series: Series | None
    group: SupervisionGroup | None
    starts_on: date
    starts_time: time
    ends_on: date | None
    ends_time: time
    in_second_hour: bool | None
    mode: str
    venue: Venue | School | None
    join_link: str
    capacity: int | None
    sign_up: str
    cohorts: Iterable[Cohort]
    facilitators: Iterable[Person]
    arrival: str
    to_bring: str


@transaction.atomic
def create_session(**fields: Unpack[SessionFields]) -> Session:
    """Create a session as a draft, which sends nothing. Without `ends_on` it ends the same day.

    Raises Refused if a time does not exist, or occurs twice and the hour is not given, and if the
    session would break a rule of its own.
    """
    session = Session()
    related = _take(session, fields)
    if session.kind == Kind.SUPERVISION and session.group and "facilitators" not in related:
        related["facilitators"] = [session.group.supervisor]
    _settle(session)
    session.save()
    _relate(session, related)
    return session


@transaction.atomic
def edit_session(
    session: Session, *, by: Person, marks_go: bool = False, **fields: Unpack[SessionFields]
) -> Session:
    """Change a session; people are told of changes that matter to them.

    If it moves to a future time, the marks in its register are deleted, since nobody came yet; the
    history keeps them. Whoever moves it confirms that with `marks_go`. Raises Refused if they do
    not, if the session is cancelled, if it is over and its time would change, and as create_session
    does.
    """
    session = _locked(session)
    if session.state == State.CANCELLED:
        raise Refused("This session is cancelled. Reinstate it first, then change it.")
    was_over = session.is_over
    before = {name: getattr(session, name) for name in MATERIAL}
    led_by = set(session.facilitators.values_list("pk", flat=True))
    related = _take(session, fields)
    _settle(session, keep_venue_name=was_over)

    changed = {name for name in MATERIAL if getattr(session, name) != before[name]}
    if was_over and changed & WHEN:
        raise Refused("This session is over, so its time can no longer change.")
    if changed & WHEN and not session.has_begun:
        _let_marks_go(session, marks_go, by, since="At a time that is yet to come nobody has come")
    if "facilitators" in related and {person.pk for person in related["facilitators"]} != led_by:
        changed.add("facilitators")
    if changed and session.state != State.DRAFT:
        _number(session)
    session.save()
    _relate(session, related)
    return _tell(session)


@transaction.atomic
def publish(session: Session) -> Session:
    """Show a session to the people on it, and let its letters go out. Repeating it changes nothing.

    A postponed session is published again with its new time, and those who were told of the
    postponement are told. Raises Refused if it is cancelled, over, or has no place.
    """
    session = _locked(session)
    if session.state == State.PUBLISHED:
        return session
    if session.state == State.CANCELLED:
        raise Refused("This session is cancelled. Reinstate it instead.")
    if session.is_over:
        raise Refused("This session lies in the past. Change its date first.")
    if session.mode != Mode.ONLINE and session.venue is None:
        raise Refused("Choose where people meet, or make it online, before you publish it.")
    if session.state == State.POSTPONED:
        _number(session)
    return _turn(session, State.PUBLISHED)


@transaction.atomic
def postpone(session: Session, *, reason: str = "") -> Session:
    """Withdraw a published session's date without cancelling it; bookings stay.

    Everybody who was ever told of it is told, and its reminders are not sent. Repeating it changes
    nothing. Raises Refused unless it is published and has not begun.
    """
    session = _locked(session)
    if session.state == State.POSTPONED:
        return session
    if session.state != State.PUBLISHED:
        raise Refused("Only a published session can be postponed.")
    if session.starts_at <= timezone.now():
        raise Refused("This session has begun, so it can no longer be postponed.")
    _number(session)
    return _turn(session, State.POSTPONED, reason=reason)


@transaction.atomic
def cancel(session: Session, *, by: Person, reason: str = "", marks_go: bool = False) -> Session:
    """Cancel a session, and tell everybody who was ever told of it (R7).

    Marks in its register are deleted as in edit_session. Repeating it changes nothing. Raises
    Refused if it is over, and if there are marks unless `marks_go`.
    """
    session = _locked(session)
    if session.state == State.CANCELLED:
        return session
    if session.is_over:
        raise Refused("This session is over, so it can no longer be cancelled.")
    _let_marks_go(session, marks_go, by, since="To what is called off nobody comes")
    if session.state != State.DRAFT:
        _number(session)
    return _turn(session, State.CANCELLED, reason=reason)


@transaction.atomic
def reinstate(session: Session) -> Session:
    """Undo a cancellation, as a new revision. Repeating it changes nothing.

    Raises Refused if it was not cancelled, is over, or has no place.
    """
    session = _locked(session)
    if session.state == State.PUBLISHED:
        return session
    if session.state != State.CANCELLED:
        raise Refused("Only a cancelled session can be reinstated.")
    if session.is_over:
        raise Refused("This session lies in the past. Add a new one instead.")
    if session.mode != Mode.ONLINE and session.venue is None:
        raise Refused("It has nowhere to be. Add a new session with a venue instead.")
    _number(session)
    return _turn(session, State.PUBLISHED)


@transaction.atomic
def rename_venue(venue: Venue) -> int:
    """Copy a venue's new name to future sessions; past ones keep the old name.

    Returns how many sessions changed. Nobody is written to: the place is the same.
    """
    return venue.sessions.filter(ends_at__gte=timezone.now()).update(venue_name=venue.name)


@transaction.atomic
def venue_of_school(school: School) -> Venue:
    """The venue of a school; created from its name and address if there is none.

    Raises Refused if another venue has its name.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    venue = school.venues.order_by("pk").first()
    if venue:
        return venue
    if Venue.objects.filter(name__iexact=school.name).exists():
        raise Refused(
            f"Another venue is called {school}. Choose it, or give it another name first."
        )
    return Venue.objects.create(
        name=school.name,
        school=school,
        address="\n".join(part for part in (school.street, school.town) if part),
        postcode=school.postcode,
    )


def _locked(session: Session) -> Session:
    """The session as it is now, locked until the transaction ends."""
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related("venue", "group__supervisor")
        .get(pk=session.pk)
    )


def _take(session: Session, fields: SessionFields) -> dict[str, Any]:
    """Set the plain fields of the session; return the many-to-many ones."""
    values: dict[str, Any] = dict(fields)
    beside = {"cohorts", "facilitators", "arrival", "to_bring"}
    related = {name: values.pop(name) for name in beside & set(values)}
    if isinstance(values.get("venue"), School):
        is_online = values.get("mode", session.mode) == Mode.ONLINE
        values["venue"] = None if is_online else venue_of_school(values["venue"])
    for name in ("cohorts", "facilitators"):
        if name in related:
            related[name] = list(related[name])
    for name, value in values.items():
        setattr(session, name, value)
    return related


def _settle(session: Session, *, keep_venue_name: bool = False) -> None:
    """Derive the computed fields, and check the rules that the database enforces."""
    session.ends_on = session.ends_on or session.starts_on
    if session.mode == Mode.ONLINE:
        session.venue = None
    if not keep_venue_name:
        session.venue_name = session.venue.name if session.venue else ""
    try:
        session.set_instants()
        session.validate_constraints()
    except (NoSuchTime, TwoSuchTimes) as error:
        raise Refused(str(error)) from error
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _let_marks_go(session: Session, sure: bool, by: Person, *, since: str) -> None:
    """Delete the marks in its register; without `marks_go` refuse if there are any."""
    marks = session.bookings.exclude(attendance="").count()
    if marks and not sure:
        people = words.count(marks, "person is", "people are")
        raise Refused(
            f"{people} marked in its register. {since}: tick that the marks go. "
            "The history keeps them."
        )
    registers.clear_marks(session, by=by)


def _relate(session: Session, related: dict[str, Any]) -> None:
    if "cohorts" in related:
        session.cohorts.set(related["cohorts"])
    if "facilitators" in related:
        session.facilitators.set(related["facilitators"])
    if session.kind == Kind.RESIDENTIAL:
        asked: dict[str, Any] = {
            name: related[name] for name in ("arrival", "to_bring") if name in related
        }
        Residential.objects.update_or_create(session=session, defaults=asked)


def _number(session: Session) -> None:
    session.revision += 1
    session.ics_sequence += 1


def _turn(session: Session, state: State, *, reason: str = "") -> Session:
    """Change the session's state, save it, and plan its letters."""
    session.state = state
    session.cancelled_reason = reason
    session.save(update_fields=["state", "cancelled_reason", "revision", "ics_sequence"])
    return _tell(session)


def _tell(session: Session) -> Session:
    """Settle the waiting list, plan the letters, and report to the plans of those booked."""
    waiting.settle(session)
    presenters.tell(session)
    reminders.plan(session)
    requirements.report(session.bookings.all())
    return session
