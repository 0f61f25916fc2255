"""Exports of sessions, bookings and group members. One query each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery

from cohorts.models import Person
from training.models import Booking, GroupMember, Kind, Session
from training.models.bookings import BookingQuerySet
from training.models.sessions import Mode, SessionQuerySet

SESSIONS_HEADER = (
    "Session", "Kind", "Cohorts", "Group", "Led by", "Begins", "Ends", "How", "Venue", "Places",
    "State", "Coming", "Not answered", "Not coming", "Came", "Marked",
)  # fmt: skip
BOOKINGS_HEADER = (
    "Name", "E-mail", "Session", "Kind", "Begins", "Session is", "Answer", "Answered", "Register",
    "Why excused", "Marked",
)  # fmt: skip
MEMBERS_HEADER = ("Group", "Supervisor", "Cohort", "Name", "E-mail", "From", "Until")
"""Who is in a group and since when, never what was said (R-SUP-04)."""
CHUNK = 2_000


def session_rows(found: SessionQuerySet) -> Iterator[tuple[Any, ...]]:
    """Each session with the number of each answer."""
    cohorts = Session.cohorts.through.objects.filter(session=OuterRef("pk")).order_by()
    leaders = Session.facilitators.through.objects.filter(session=OuterRef("pk")).order_by()
    rows = found.with_counts().annotate(
        of_cohorts=_joined(cohorts, "cohort__name"), led_by=_joined(leaders, "person__full_name")
    )
    for title, kind, of_cohorts, group, led_by, begins, ends, mode, venue, places, state, *counts in (
        rows.values_list(
            "title", "kind", "of_cohorts", "group__name", "led_by", "starts_at", "ends_at", "mode",
            "venue_name", "capacity", "state", "coming_count", "unanswered_count", "away_count",
            "came_count", "marked_count",
        ).iterator(CHUNK)
    ):  # fmt: skip
        yield (
            title, _KINDS[kind], of_cohorts, group, led_by, begins, ends, _MODES[mode], venue,
            places, _STATES[state], *counts,
        )  # fmt: skip


def booking_rows(found: BookingQuerySet) -> Iterator[tuple[Any, ...]]:
    """Everybody asked, their answer and whether they came; never their own words why not."""
    rows = found.order_by("session__starts_at", "session", "person__search_text", "pk").values_list(
        "person__full_name", "person__email", "session__title", "session__kind",
        "session__starts_at", "session__state", "state", "replied_at", "attendance", "excuse",
        "marked_at",
    )  # fmt: skip
    for (
        *person,
        title,
        kind,
        begins,
        stands,
        state,
        replied,
        attendance,
        excuse,
        marked,
    ) in rows.iterator(CHUNK):
        yield (
            *person, title, _KINDS[kind], begins, _STATES[stands], _ANSWERS[state], replied,
            _REGISTER.get(attendance, ""), _EXCUSES.get(excuse, ""), marked,
        )  # fmt: skip


def member_rows(viewer: Person) -> Iterator[tuple[Any, ...]]:
    rows = GroupMember.objects.visible_to(viewer).order_by(
        "group__name", "group", "person__search_text", "starts_on"
    )
    return rows.values_list(
        "group__name", "group__supervisor__full_name", "group__cohort__name", "person__full_name",
        "person__email", "starts_on", "ends_on",
    ).iterator(CHUNK)  # fmt: skip


def _joined(rows: Any, name: str) -> Subquery:
    """The names of everybody at one session, in one cell."""
    one = rows.values("session").annotate(names=StringAgg(name, ", ", order_by=name))
    return Subquery(one.values("names"))


_KINDS: dict[str, str] = dict(Kind.choices)
_MODES: dict[str, str] = dict(Mode.choices)
_STATES: dict[str, str] = dict(Session.State.choices)
_ANSWERS: dict[str, str] = dict(Booking.State.choices)
_REGISTER: dict[str, str] = dict(Booking.Attendance.choices)
_EXCUSES: dict[str, str] = dict(Booking.Excuse.choices)
