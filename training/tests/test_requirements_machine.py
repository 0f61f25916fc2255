"""Whatever happens to sessions, answers, registers and people's time: plans are told what is so.

What is so is worked out here one booking at a time, from the steps of everybody's time in a cohort.
`--hypothesis-profile=long` looks longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cohorts.models import Participation, ParticipationChange, RequirementAttempt
from cohorts.operations import participations
from cohorts.operations.settling import apply_due_changes
from cohorts.standing import Plan, in_force, replay, steps_of
from cohorts.tests.factories import make_cohort, make_person, make_requirement, make_staff
from dlp.errors import Refused
from training import requirements
from training.models import Booking, Kind, Session
from training.operations import bookings, registers, sessions
from training.tests.factories import make_course, make_session

Outcome = RequirementAttempt.State
Told = tuple[int, str, int, str, date, int | None]


class Programme(RuleBasedStateMachine):
    """One programme, in a transaction that is taken back when the story ends."""

    sessions = Bundle("sessions")
    people = st.integers(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.world.enter_context(transaction.atomic())
        self.world.callback(transaction.set_rollback, True)

    def teardown(self) -> None:
        self.world.close()

    @initialize()
    def people_come_together(self) -> None:
        self.staff = make_staff()
        today = timezone.localdate()
        self.cohorts = [make_cohort(starts_on=today - timedelta(days=days)) for days in (90, 20)]
        self.persons = [make_person() for _ in range(2)]
        for person in self.persons:
            participations.add_to_cohort(person, self.cohorts[0], by=self.staff)
        self.courses = [None, make_course(), make_course(requirement=make_requirement("module"))]

    @rule(
        target=sessions,
        days=st.integers(1, 9),
        kind=st.sampled_from([Kind.TWILIGHT, Kind.TRAINING_DAY]),
        course=st.integers(0, 2),
        leads=st.booleans(),
    )
    def plan(self, days: int, kind: str, course: int, leads: bool) -> int:
        session = make_session(
            kind=kind,
            starts_on=timezone.localdate() + timedelta(days=days),
            course=self.courses[course],
            facilitators=self.persons[:1] if leads else [],
            state=Session.State.DRAFT,
        )
        for person in self.persons:
            bookings.invite_person(session, person)
        sessions.publish(session)
        return session.pk

    @rule(pk=sessions, days=st.integers(0, 9), course=st.integers(0, 2))
    def change(self, pk: int, days: int, course: int) -> None:
        day = timezone.localdate() + timedelta(days=days)
        with suppress(Refused):
            sessions.edit_session(
                Session.objects.get(pk=pk),
                by=self.staff,
                course=self.courses[course],
                starts_on=day,
                ends_on=day,
            )

    @rule(
        pk=sessions,
        turn=st.sampled_from(["publish", "postpone", "cancel", "reinstate"]),
    )
    def turn(self, pk: int, turn: str) -> None:
        with suppress(Refused):
            by = {"by": self.staff} if turn == "cancel" else {}
            getattr(sessions, turn)(Session.objects.get(pk=pk), **by)

    @rule(pk=sessions, who=people, coming=st.sampled_from([True, False, None]))
    def answer(self, pk: int, who: int, coming: bool | None) -> None:
        """Say yes or no; or be taken off, and asked again by the next who answers."""
        booking = Booking.objects.get(session=pk, person=self.persons[who])
        with suppress(Refused):
            if coming is None:
                bookings.withdraw_booking(booking)
            else:
                bookings.invite_person(booking.session, booking.person)
                bookings.reply(booking, coming=coming, via=Booking.Via.PORTAL)

    @rule(pk=sessions, who=people, mark=st.sampled_from(["", *Booking.Attendance]))
    def mark(self, pk: int, who: int, mark: str) -> None:
        with suppress(Refused):
            booking = Booking.objects.get(session=pk, person=self.persons[who])
            excuse = "travel" if mark == "excused" else ""
            registers.mark(booking, mark, by=self.staff, excuse=excuse)

    @rule(pk=sessions)
    def mark_rest(self, pk: int) -> None:
        with suppress(Refused):
            registers.mark_rest_present(Session.objects.get(pk=pk), by=self.staff)

    @rule(
        who=people,
        step=st.sampled_from(["defer", "resume", "withdraw", "reinstate", "transfer"]),
        days=st.integers(-12, 4),
    )
    def step(self, who: int, step: str, days: int) -> None:
        time = Participation.objects.filter(person=self.persons[who]).latest("pk")
        more: dict[str, object] = {}
        if step in ("defer", "withdraw"):
            more["reason"] = "other"
        if step == "transfer":
            more["to"] = self.cohorts[1]
        on = timezone.localdate() + timedelta(days=days)
        with suppress(Refused):
            getattr(participations, step)(time, by=self.staff, on=on, **more)

    @rule(who=people)
    def undo(self, who: int) -> None:
        changes = ParticipationChange.objects.filter(
            participation__person=self.persons[who], undoes=None, undone_by=None
        )
        if last := changes.order_by("recorded_at", "pk").last():
            with suppress(Refused):
                participations.undo(last, by=self.staff)

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        self.world.enter_context(time_machine.travel(timezone.now() + timedelta(days=days)))
        apply_due_changes(timezone.localdate())
        requirements.report_registers_due()

    @invariant()
    def plans_were_told_what_is_so(self) -> None:
        rows = RequirementAttempt.objects.exclude(state=Outcome.NOT_COUNTED)
        told = rows.values_list(
            "participation", "requirement__key", "source_id", "state", "on", "reported_by"
        )
        assert sorted(told) == sorted(what_is_so())
        assert requirements.sweep() == 0


def what_is_so() -> Iterator[Told]:
    published = Booking.objects.filter(session__state=Session.State.PUBLISHED)
    for booking in published.select_related("session__course__requirement"):
        session = booking.session
        key = _key(session)
        time = _time_on(booking.person_id, session.starts_on)
        if not key or not time or session.facilitators.filter(pk=booking.person_id).exists():
            continue
        if outcome := _outcome(booking, is_away=_is_away(time, session.starts_on)):
            by = booking.marked_by_id
            yield time.pk, key, booking.pk, outcome, session.starts_on, by


def _key(session: Session) -> str | None:
    if session.course and session.course.requirement:
        return session.course.requirement.key
    return "twilight" if session.kind == Kind.TWILIGHT else None


def _time_on(person: int, day: date) -> Participation | None:
    for time in Participation.objects.filter(person=person).select_related("cohort"):
        is_held = time.state not in ("offered", "declined")
        if is_held and time.starts_on <= day <= (time.held_to or date.max):
            return time
    return None


def _is_away(time: Participation, day: date) -> bool:
    """Whether the steps taken by today, and by then, leave them deferred."""
    plan = Plan(time.cohort.starts_on, time.cohort.ends_on)
    by = min(day, timezone.localdate())
    return replay(steps_of(in_force(time.changes.all())), by, plan).state == "deferred"


def _outcome(booking: Booking, *, is_away: bool) -> str:
    if booking.attendance in ("present", "late", "left_early", "online"):
        return "met"
    if is_away or booking.attendance == "excused":
        return ""
    if booking.attendance == "absent":
        return "to_repeat"
    if booking.state not in ("invited", "coming"):
        return ""
    return "waiting_for_us" if booking.session.is_over else "booked"


@pytest.mark.django_db
def test_whatever_happens_plans_are_told_what_is_so():
    run_state_machine_as_test(Programme)
