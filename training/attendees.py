"""The people asked to a session, as its page lists them: flat values, for up to a hundred."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from cohorts.models import Participation
from cohorts.models.people import listed_name
from dlp.http import addresses
from training.models import Booking
from training.models.bookings import BookingQuerySet

COLUMNS = (
    "pk", "person_id", "person__full_name", "person__known_as", "state", "reply_reason",
    "attendance", "excuse", "makes_up__session__title", "made_up_by__session__title",
    "made_up_by__attendance", "is_deferred",
)  # fmt: skip


class Attendee(NamedTuple):
    """One person: their answer, whether they came, and what makes up for a missed session."""

    pk: int
    person: int
    full_name: str
    known_as: str
    state: str
    reply_reason: str
    attendance: str
    excuse: str
    makes_up: str | None
    """The session that they missed and for which this one makes up,"""
    made_up_at: str | None
    """and the one that makes up for this one,"""
    made_up_mark: str | None
    """with the mark that they have there."""
    is_deferred: bool

    @property
    def name(self) -> str:
        return listed_name(self.full_name, self.known_as)

    @property
    def url(self) -> str:
        return addresses("home:person")(self.person)

    @property
    def answer(self) -> str:
        return _ANSWERS[self.state]

    @property
    def mark(self) -> str:
        return _MARKS.get(self.attendance, "")

    @property
    def excused(self) -> str:
        return _EXCUSES.get(self.excuse, "")

    @property
    def came(self) -> bool | None:
        """None until the register says."""
        return self.attendance in Booking.CAME if self.attendance else None

    @property
    def is_made_up(self) -> bool:
        return self.made_up_mark in Booking.CAME


def rows_of(bookings: BookingQuerySet) -> QuerySet[Booking, Any]:
    """By name, and only what `Attendee` takes."""
    known = bookings.annotate(is_deferred=Exists(deferred()))
    return known.order_by("person__search_text", "pk").values_list(*COLUMNS)


def deferred() -> QuerySet[Participation]:
    """The deferred time in a cohort of a booking's person."""
    return Participation.objects.filter(
        person=OuterRef("person"), state=Participation.State.DEFERRED
    )


_ANSWERS: dict[str, str] = dict(Booking.State.choices)
_MARKS: dict[str, str] = dict(Booking.Attendance.choices)
_EXCUSES: dict[str, str] = dict(Booking.Excuse.choices)
