"""Taking the register. A blank mark never means present; every mark records who made it and when.

Each tap is stored with its time. The latest tap decides the mark, whichever phone it came from and
whenever it arrived; the others are history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from cohorts.models import Person
from dlp import words
from dlp.calendar import instant_or_nearest
from dlp.errors import Refused
from training import reminders, requirements
from training.marks import Mark, mark_of
from training.models import Booking, Kind, RegisterTap, Session
from training.operations.bookings import members_on

Attendance = Booking.Attendance
State = Booking.State

BLANK, PRESENT = Mark(), Mark(Attendance.PRESENT)
MARKED = ("attendance", "excuse", "marked_at", "marked_by")
"""The fields of a booking that a mark changes."""
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far a device's clock may be ahead of ours; a later tap counts as made now."""
ANSWERED = frozenset({*Booking.LIVE_STATES, State.NOT_COMING})
"""States of people who came after all, which become "coming"."""
LATE_REASON = 15
"""Minimum letters of the reason for a late correction."""


@transaction.atomic
def mark(
    booking: Booking,
    attendance: str,
    *,
    by: Person,
    excuse: str = "",
    at: datetime | None = None,
) -> Booking:
    """Record how somebody attended; an empty mark removes a wrong one, and history keeps it.

    The same mark again changes nothing. Raises Refused before the session begins, if it does not
    take place, once the days for corrections are over, for an empty mark in a closed register, and
    for an excuse without a reason.
    """
    mark_many(booking.session, {booking.pk: Mark(attendance, excuse)}, by=by, at=at)
    booking.refresh_from_db(fields=MARKED)
    return booking


@transaction.atomic
def mark_many(
    session: Session, marks: Mapping[int, Mark], *, by: Person, at: datetime | None = None
) -> int:
    """Record marks by booking; return how many changed. Locks the bookings. Raises as mark.

    `at` is when they were tapped, according to the device. None is now, and then a mark that is
    already there does not count as tapped.
    """
    _check_open(session)
    if session.register_closed_at and BLANK in marks.values():
        raise Refused("The register is closed. Open it again to take a mark back.")
    return _write(session, marks, by=by, at=_moment(session, at), all_tapped=at is not None)


@transaction.atomic
def mark_rest_present(session: Session, *, by: Person) -> int:
    """Mark everybody who is expected and unmarked as present; return how many.

    People who said that they cannot come stay blank. Raises Refused as mark does.
    """
    session = _locked(session)
    _check_open(session)
    # Locked first, so that nobody is in it whom another phone marked meanwhile.
    blank = session.bookings.select_for_update(of=("self",)).filter(attendance="")
    blanks = list(blank.values_list("pk", flat=True))
    rest = unmarked(session).filter(pk__in=blanks).values_list("pk", flat=True)
    return _write(session, dict.fromkeys(rest, PRESENT), by=by, at=timezone.now())


@transaction.atomic
def add_walk_in(session: Session, person: Person, *, by: Person) -> Booking:
    """Add somebody who came without a booking, as present, even to a full session.

    Somebody on the register without a mark is marked; repeating it changes nothing. Raises Refused
    as mark does, for somebody deactivated, and at supervision for anybody but a member.
    """
    session = _locked(session)
    _check_open(session)
    if not person.is_active:
        raise Refused(f"{person.name} is deactivated. Reactivate them first.")
    if session.kind == Kind.SUPERVISION and person not in members_on(session):
        raise Refused(f"{person.name} is not in this group. Only its members come to its sessions.")
    booking, is_new = Booking.objects.select_for_update(of=("self",)).get_or_create(
        session=session, person=person, defaults=_brought_along()
    )
    if booking.state not in ANSWERED:
        for name, value in _brought_along().items():
            setattr(booking, name, value)
        booking.save(update_fields=list(_brought_along()))
    if not booking.attendance:
        _write(session, {booking.pk: PRESENT}, by=by, at=timezone.now())
        reminders.plan(session)
        booking.refresh_from_db()
    return booking


@transaction.atomic
def correct_late(booking: Booking, mark: Mark, *, by: Person, reason: str) -> Booking:
    """Correct a mark after the days for corrections, and record why. Programme leads only.

    Raises Refused while the register itself still takes corrections, if the session did not take
    place, and for a reason that is too short.
    """
    session = _locked(booking.session)
    if session.state != Session.State.PUBLISHED:
        raise Refused("This session does not go ahead, so it has no register.")
    if is_open(session) or not session.is_over:
        raise Refused("Correct it in the register: the days for it are not over.")
    if len(reason.strip()) < LATE_REASON:
        raise Refused("Say in a sentence why it is corrected so late.")
    _write(session, {booking.pk: mark}, by=by, at=timezone.now(), reason=reason.strip())
    booking.refresh_from_db(fields=MARKED)
    return booking


@transaction.atomic
def clear_marks(session: Session, *, by: Person) -> int:
    """Remove all marks of a session that is yet to come; history keeps them. Returns how many."""
    marked = session.bookings.exclude(attendance="").values_list("pk", flat=True)
    return _write(session, dict.fromkeys(marked, BLANK), by=by, at=timezone.now())


@transaction.atomic
def close_register(session: Session, *, by: Person) -> Session:
    """Declare the register complete. Repeating it changes nothing.

    Raises Refused as mark does, and while somebody expected has no mark.
    """
    session = _locked(session)
    if session.register_closed_at:
        return session
    _check_open(session)
    left = unmarked(session).count()
    if left:
        who = words.count(left, "person is", "people are")
        raise Refused(f"{who} not marked yet. Blank is never present: mark everybody, then close.")
    session.register_closed_at = timezone.now()
    session.register_closed_by = by
    session.save(update_fields=["register_closed_at", "register_closed_by"])
    return session


@transaction.atomic
def reopen_register(session: Session) -> Session:
    """Reopen a closed register, within the days for corrections. Repeating it changes nothing."""
    session = _locked(session)
    if not session.register_closed_at:
        return session
    _check_open(session)
    session.register_closed_at = None
    session.register_closed_by = None
    session.save(update_fields=["register_closed_at", "register_closed_by"])
    return session


def unmarked(session: Session) -> QuerySet[Booking]:
    """Bookings of people who are expected and have no mark.

    People who are away, have left or have died are not expected; if they came, they are marked by
    hand.
    """
    return session.bookings.live().written_to().filter(attendance="")


def is_open(session: Session) -> bool:
    """Whether marks can be made now."""
    return why_shut(session) == ""


def why_shut(session: Session) -> str:
    """Why no mark can be made now, in a sentence; empty if one can."""
    now = timezone.now()
    if session.state != Session.State.PUBLISHED:
        return "This session does not go ahead, so it has no register."
    if now < session.starts_at:
        return "The register opens when the session begins."
    if now > session.ends_at + timedelta(days=settings.REGISTER_CORRECTION_DAYS):
        return (
            f"Marks can be corrected for {settings.REGISTER_CORRECTION_DAYS} days after a session. "
            "They are over."
        )
    return ""


def _check_open(session: Session) -> None:
    if why := why_shut(session):
        raise Refused(why)


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _brought_along() -> dict[str, object]:
    """The answer recorded for somebody who simply came."""
    now = timezone.now()
    return {
        "state": State.COMING,
        "booked_at": now,
        "replied_at": now,
        "replied_via": Booking.Via.STAFF,
        "reply_reason": "",
        "offer_ends_at": None,
    }


def _moment(session: Session, at: datetime | None) -> datetime:
    """When a tap was made: as the device says, or now if that is impossible."""
    now = timezone.now()
    earliest = instant_or_nearest(session.starts_on, time.min)
    return at if at and earliest <= at <= now + CLOCKS_DIFFER else now


def _write(
    session: Session,
    marks: Mapping[int, Mark],
    *,
    by: Person,
    at: datetime,
    all_tapped: bool = False,
    reason: str = "",
) -> int:
    """Store the taps, and set each booking to its latest tap; return how many changed."""
    if any(one.attendance == Attendance.EXCUSED and not one.excuse for one in marks.values()):
        raise Refused("Say why they are excused.")
    asked = session.bookings.select_for_update(of=("self",)).exclude(state=State.WITHDRAWN)
    bookings = list(asked.filter(pk__in=marks.keys()))
    tapped = [one for one in bookings if all_tapped or mark_of(one) != marks[one.pk]]
    latest = _latest([one.pk for one in tapped])
    RegisterTap.objects.bulk_create(
        [_tap(one, marks[one.pk], at=at, by=by, reason=reason) for one in tapped],
        ignore_conflicts=True,
    )
    changed = []
    for booking in tapped:
        known = [moment for moment in (latest.get(booking.pk), booking.marked_at) if moment]
        if mark_of(booking) != marks[booking.pk] and at >= max(known, default=at):
            _put(booking, marks[booking.pk], at=at, by=by)
            changed.append(booking)
    Booking.objects.bulk_update(changed, MARKED)
    if changed:
        made_up = [one.makes_up_id for one in changed if one.makes_up_id]
        touched = [*(one.pk for one in changed), *made_up]
        requirements.report(Booking.objects.filter(pk__in=touched))
    return len(changed)


def _tap(booking: Booking, mark: Mark, *, at: datetime, by: Person, reason: str) -> RegisterTap:
    return RegisterTap(
        booking=booking, mark=mark.attendance, excuse=mark.excuse, at=at, by=by, reason=reason
    )


def _put(booking: Booking, mark: Mark, *, at: datetime, by: Person) -> None:
    booking.attendance, booking.excuse = mark
    booking.marked_at, booking.marked_by = (at, by) if booking.attendance else (None, None)


def _latest(bookings: Collection[int]) -> dict[int, datetime]:
    """When each was last tapped. Read after the bookings are locked, so that no tap is missed."""
    taps = RegisterTap.objects.filter(booking__in=bookings).order_by()
    return dict(taps.values("booking").annotate(last=Max("at")).values_list("booking", "last"))
