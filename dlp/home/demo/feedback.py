"""Feedback on the demonstration's sessions, and one person who caught up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from training.models import Booking, Feedback, Kind, Session

HEARD_FOR = timedelta(days=400)
WILL_TRY = (
    "Ring home with good news first, every Friday.",
    "Meet the child before I read the file.",
    "Ask my team what they would stop doing.",
    "Keep the first ten minutes of the day quiet.",
    "",
)
WOULD_CHANGE = (
    "More time in threes.",
    "The slides beforehand, please.",
    "",
    "A longer lunch: the best talk happens there.",
    "",
    "",
)


def add_feedback(bookings: Sequence[Booking], today: date) -> None:
    """Two of three who came said how it was; whoever missed a twilight caught up at the next."""
    came = [one for one in bookings if one.came]
    Feedback.objects.bulk_create(_said(came, today))
    _catch_up(bookings)


def _said(came: Iterable[Booking], today: date) -> Iterator[Feedback]:
    for number, booking in enumerate(came):
        session = booking.session
        given_on = session.ends_on + timedelta(days=1 + number % 5)
        is_late = session.ends_on < today - HEARD_FOR or given_on > today
        if number % 3 and not is_late and session.kind != Kind.SUPERVISION:
            yield Feedback(
                booking=booking,
                useful=Feedback.Useful.QUITE if number % 4 else Feedback.Useful.VERY,
                will_try=WILL_TRY[number % len(WILL_TRY)],
                would_change=WOULD_CHANGE[number % len(WOULD_CHANGE)],
                given_on=given_on,
            )


def _catch_up(bookings: Sequence[Booking]) -> None:
    """The last who missed a twilight and came to a later one: that makes up for it."""
    twilights = [one for one in bookings if one.session.kind == Kind.TWILIGHT]
    for missed in reversed(twilights):
        if missed.attendance != Booking.Attendance.ABSENT:
            continue
        later = (one for one in twilights if one.came and one.person == missed.person)
        found = next((one for one in later if _is_after(one.session, missed.session)), None)
        if found:
            Booking.objects.filter(pk=found.pk).update(makes_up=missed)
            return


def _is_after(one: Session, other: Session) -> bool:
    return one.starts_at > other.starts_at
