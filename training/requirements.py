"""Which requirement a session counts for, and reporting every booking to people's plans.

Every operation on a session, a booking or a register reports the bookings it touched before it
commits; the sweep checks all of them again and should find nothing to do. Only one thing changes by
time alone: a session that is over and whose register is not taken waits for us.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from cohorts.models import (
    Participation,
    ParticipationChange,
    Person,
    Requirement,
    RequirementAttempt,
)
from cohorts.operations.requirements import Outcome, Report, Source, report_requirements
from dlp.outbox.watch import jobs
from training.models import Booking, Kind, Session
from training.models.bookings import BookingQuerySet

log = logging.getLogger("training")

SOURCE = "booking"
OF_KIND = {
    Kind.DSL_TRAINING: "dsl-training",
    Kind.RESIDENTIAL: "residential",
    Kind.SUPERVISION: "supervision",
    Kind.TWILIGHT: "twilight",
}
"""The requirement of a kind of session, unless its course says otherwise."""
NIGHTLY = "requirements"
BATCH = 200
"""How many people the sweep handles at a time."""


class Key(NamedTuple):
    """A participation, a requirement, and the booking that counts for it."""

    participation: int
    requirement: str
    booking: int


class Told(NamedTuple):
    """The outcome of an attempt, its day, and who said so."""

    state: str
    on: date
    by: int | None


def counts_for(column: str, *, session: str = "") -> Coalesce:
    """The key or name of the requirement that a session counts for; None if there is none.

    An annotation for sessions, or for rows that lead to one by a prefix such as "session__".
    """
    of_kind = Case(
        *(
            When(**{f"{session}kind": kind}, then=Subquery(of_key.values(column)))
            for kind, key in OF_KIND.items()
            for of_key in [Requirement.objects.filter(key=key).order_by()]
        )
    )
    return Coalesce(F(f"{session}course__requirement__{column}"), of_kind)


def outcome_of(
    state: str, mark: str, *, is_away: bool, is_over: bool, is_made_up: bool = False
) -> Outcome | None:
    """The outcome of a booking; None if it says nothing about the plan.

    Whoever came has met it, whatever they had answered and even if they left early. People who are
    away are not expected; if somebody was excused, declined or was removed, nothing has begun. A
    missed session that was made up for counts there, once.
    """
    if mark in Booking.CAME:
        return Outcome.MET
    if is_away or is_made_up:
        return None
    if mark == Booking.Attendance.ABSENT:
        return Outcome.TO_REPEAT
    if mark or state not in Booking.LIVE_STATES:
        return None
    return Outcome.WAITING_FOR_US if is_over else Outcome.BOOKED


@transaction.atomic
def evidence(booking: int, viewer: Person) -> str | None:
    """The page of the session behind an attempt; None for viewers who may not see it."""
    seen = Session.objects.visible_to(viewer).filter(bookings=booking).first()
    return seen.get_absolute_url() if seen else None


def report(bookings: BookingQuerySet) -> int:
    """Report these bookings to the plans; return how many attempts that changed.

    Call it in the transaction of a change. Locks the people who are booked, so that of two reports
    about a person the later sees the earlier. Repeating it changes nothing.
    """
    times = Participation.objects.filter(person=OuterRef("pk"))
    people = Person.objects.get_queryset().filter(
        Exists(times), pk__in=bookings.order_by().values("person")
    )
    locked = people.select_for_update(of=("self",), no_key=True).order_by("pk")
    return report_requirements(_differences(bookings)) if list(locked.values_list("pk")) else 0


def report_on(people: Collection[int]) -> int:
    """Report all bookings of these people again: their participation has changed."""
    return report(Booking.objects.filter(person__in=people))


def report_registers_due() -> int:
    """Report sessions that are over and whose register waits for us."""
    due = Session.objects.register_due(timezone.now())
    return _put_right(Booking.objects.live().filter(session__in=due, attendance=""))


def sweep() -> int:
    """Compare every booking with what was reported; correct and count the differences.

    Goes person by person, so that each plan is added up once.
    """
    booked = Booking.objects.aggregate(first=Min("person"), last=Max("person"))
    if booked["first"] is None:
        return 0
    return sum(
        _put_right(Booking.objects.filter(person__gte=start, person__lt=start + BATCH))
        for start in range(booked["first"], booked["last"] + 1, BATCH)
    )


def sweep_at_night() -> None:
    """Sweep once a night, each batch in its own transaction, so that the next run can continue.

    A repair means that some change forgot to report: it is logged as a warning.
    """
    if not jobs.is_due(NIGHTLY):
        return
    repaired = sweep()
    if jobs.once_a_day(NIGHTLY, lambda: {"repaired": repaired}) and repaired:
        log.warning("Plans had not been told of %d goes; now they are.", repaired)


def _put_right(bookings: BookingQuerySet) -> int:
    """Report those of these bookings that the plans know differently; lock nobody else."""
    found = {one.source.pk for one in _differences(bookings)}
    return report(Booking.objects.filter(pk__in=found)) if found else 0


def _differences(bookings: BookingQuerySet) -> list[Report]:
    """The reports about these bookings that the plans lack."""
    wanted, told = come_to(bookings), _told(bookings)
    news = {key: says for key, says in wanted.items() if told.get(key) != says}
    news |= {
        key: Told(Outcome.NOT_COUNTED, stood.on, None)
        for key, stood in told.items()
        if key not in wanted
    }
    markers = {says.by for says in news.values() if says.by is not None}
    people = Person.everyone.in_bulk(markers) if markers else {}
    return [
        Report(
            key.participation,
            key.requirement,
            Source(SOURCE, key.booking),
            says.state,
            says.on,
            people.get(says.by) if says.by else None,
        )
        for key, says in news.items()
    ]


def come_to(bookings: BookingQuerySet) -> dict[Key, Told]:
    """The outcomes of bookings of published sessions, for people on the programme on the first day.

    One query; nothing is reported.
    """
    leading = Session.facilitators.through.objects.filter(
        session=OuterRef("session"), person=OuterRef("person")
    )
    rows = (
        bookings.order_by()
        .filter(~Exists(leading), session__state=Session.State.PUBLISHED)
        .annotate(requirement=counts_for("key", session="session__"), participation=_time())
        .filter(requirement__isnull=False, participation__isnull=False)
        .annotate(step=_last_step_away_or_back())
    )
    wanted, now = {}, timezone.now()
    for *key, state, mark, made_up, step, day, ends_at, by in rows.values_list(
        "participation",
        "requirement",
        "pk",
        "state",
        "attendance",
        "made_up_by__attendance",
        "step",
        "session__starts_on",
        "session__ends_at",
        "marked_by",
    ):
        is_away = step == ParticipationChange.Kind.DEFERRED
        if outcome := outcome_of(
            state,
            mark,
            is_away=is_away,
            is_over=ends_at < now,
            is_made_up=made_up in Booking.CAME,
        ):
            wanted[Key(*key)] = Told(outcome, day, by)
    return wanted


def _time() -> Subquery:
    """The participation that a session's first day falls in."""
    on_the_day: Any = OuterRef("session__starts_on")
    times = Participation.objects.held_on(on_the_day).filter(person=OuterRef("person"))
    return Subquery(times.order_by().values("pk")[:1])


def _last_step_away_or_back() -> Subquery:
    """The latest effective step by which they were away on the first day, or back."""
    steps = ParticipationChange.objects.in_force().filter(
        participation=OuterRef("participation"),
        kind__in=[ParticipationChange.Kind.DEFERRED, ParticipationChange.Kind.RESUMED],
        effective_on__lte=Least(OuterRef("session__starts_on"), Value(timezone.localdate())),
    )
    in_turn = steps.order_by("-effective_on", "-recorded_at", "-pk")
    return Subquery(in_turn.values("kind")[:1])


def _told(bookings: BookingQuerySet) -> dict[Key, Told]:
    """What was reported about these bookings, or about former bookings of the same people."""
    gone = ~Exists(Booking.objects.filter(pk=OuterRef("source_id")))
    rows = (
        RequirementAttempt.objects.filter(
            gone | Q(source_id__in=bookings.order_by().values("pk")),
            participation__person__in=bookings.order_by().values("person"),
            source_kind=SOURCE,
        )
        .exclude(state=Outcome.NOT_COUNTED)
        .values_list("participation", "requirement__key", "source_id", "state", "on", "reported_by")
    )
    return {Key(*row[:3]): Told(*row[3:]) for row in rows}
