"""Sessions and people do whatever they like, time passes, senders die: what is promised of letters holds.

After every step all twelve invariants are asked of the outbox. `--hypothesis-profile=long` looks longer.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, suppress
from datetime import time, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection, transaction
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

from cohorts.tests.factories import make_person, make_staff
from dlp.drill.relay import message_id_of
from dlp.errors import Refused
from dlp.outbox.delivery import failpoints, housekeeping, relay_logs, sending
from dlp.outbox.delivery.relay_logs import Answer
from dlp.outbox.delivery.relays import ConnectionLost, Declined, NoAnswer, Stage
from dlp.outbox.plans import sweeping
from dlp.outbox.watch import invariants
from training.models import Booking, Kind, Mode, Session
from training.operations import bookings, sessions
from training.tests.factories import make_venue

CLOCK = """
    CREATE SCHEMA clock;
    CREATE FUNCTION clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
        $$ SELECT pg_catalog.statement_timestamp() + current_setting('clock.shift')::interval $$;
    SET LOCAL search_path = clock, public, pg_catalog;
"""


class Killed(BaseException):
    """The sender is gone, as by a power cut; what it had not committed is gone with it."""


class FaultyRelay:
    """Goes wrong with the next letter as it is told, is well afterwards, and remembers what it took."""

    name = "faulty"

    def __init__(self) -> None:
        self.fault = ""
        self.taken: list[tuple[str, bytes]] = []
        self._recipient = ""

    def open(self) -> None:
        """Always there."""

    def address(self, sender: str, recipient: str) -> None:
        self._recipient = recipient
        if self._is("refuses for now"):
            raise Declined(Stage.RCPT, "Later", code=452)
        if self._is("ends the connection"):
            raise ConnectionLost(Stage.RCPT, "Gone")

    def hand_over(self, content: bytes) -> int:
        failpoints.reach("in the body")
        if self._is("refuses the text for now"):
            raise Declined(Stage.ANSWER, "Later", code=451)
        if self._is("loses it without a word"):
            raise NoAnswer(Stage.ANSWER, "Silence")
        self.taken.append((self._recipient, content))
        if self._is("takes it without a word"):
            raise NoAnswer(Stage.ANSWER, "Silence")
        return 250

    def reset(self) -> None:
        """Nothing was kept."""

    def close(self) -> None:
        """Nothing to close."""

    def took(self, message_id: str) -> Answer:
        is_there = any(message_id_of(content) == message_id for _, content in self.taken)
        return Answer.TAKEN if is_there else Answer.NOT_TAKEN

    def reach(self, failpoint: str) -> None:
        if self._is(f"dies: {failpoint}"):
            raise Killed

    def _is(self, fault: str) -> bool:
        is_it = self.fault == fault
        if is_it:
            self.fault = ""
        return is_it


FAULTS = [
    "",
    "",
    "refuses for now",
    "ends the connection",
    "refuses the text for now",
    "loses it without a word",
    "takes it without a word",
    *(f"dies: {name}" for name in failpoints.NAMES),
]


class Programme(RuleBasedStateMachine):
    """One programme, in a transaction that is taken back when the story ends."""

    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.relay = FaultyRelay()
        self.shift = timedelta()
        self.world = ExitStack()
        self.world.enter_context(rolled_back())
        self.world.enter_context(patch.object(failpoints, "reach", self.relay.reach))
        self.world.enter_context(patch.object(relay_logs, "configured_log", lambda: self.relay))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL clock.shift = '0'")
            cursor.execute(CLOCK)

    @initialize()
    def people_come_together(self) -> None:
        self.staff = make_staff()
        self.people = [make_person() for _ in range(3)]
        self.venue = make_venue()

    def teardown(self) -> None:
        try:
            times = Counter(message_id_of(content) for _, content in self.relay.taken)
            assert [key for key, number in times.items() if number > 1] == []
        finally:
            self.world.close()

    @rule(
        target=sessions,
        days=st.integers(1, 12),
        hour=st.integers(8, 19),
        kind=st.sampled_from([Kind.TWILIGHT, Kind.TRAINING_DAY]),
    )
    def create(self, days: int, hour: int, kind: str) -> int:
        day = timezone.localdate() + timedelta(days=days)
        session = sessions.create_session(
            kind=kind,
            title="The first call home",
            mode=Mode.IN_PERSON,
            venue=self.venue,
            starts_on=day,
            starts_time=time(hour),
            ends_time=time(hour + 2),
        )
        bookings.invite_person(session, self.people[0])
        sessions.publish(session)
        return session.pk

    @rule(pk=sessions, days=st.integers(0, 10), hour=st.integers(8, 19))
    def move(self, pk: int, days: int, hour: int) -> None:
        day = timezone.localdate() + timedelta(days=days)
        when = {"starts_on": day, "ends_on": day}
        times = {"starts_time": time(hour), "ends_time": time(hour + 2)}
        with suppress(Refused):
            sessions.edit_session(session_of(pk), by=self.staff, **when, **times)

    @rule(pk=sessions)
    def cancel(self, pk: int) -> None:
        with suppress(Refused):
            sessions.cancel(session_of(pk), by=self.staff, reason="Snow")

    @rule(pk=sessions)
    def postpone(self, pk: int) -> None:
        with suppress(Refused):
            sessions.postpone(session_of(pk))

    @rule(pk=sessions)
    def reinstate(self, pk: int) -> None:
        session = session_of(pk)
        again = sessions.publish if session.state == Session.State.POSTPONED else sessions.reinstate
        with suppress(Refused):
            again(session)

    @rule(pk=sessions, who=st.integers(0, 2))
    def join(self, pk: int, who: int) -> None:
        with suppress(Refused):
            bookings.invite_person(session_of(pk), self.people[who])

    @rule(pk=sessions, who=st.integers(0, 2))
    def leave(self, pk: int, who: int) -> None:
        booking = Booking.objects.filter(session=pk, person=self.people[who]).first()
        if booking is not None:
            with suppress(Refused):
                bookings.withdraw_booking(booking)

    @rule(pk=sessions, who=st.integers(0, 2), coming=st.booleans())
    def answer(self, pk: int, who: int, coming: bool) -> None:
        booking = Booking.objects.filter(session=pk, person=self.people[who]).first()
        if booking is not None:
            with suppress(Refused):
                bookings.reply(booking, coming=coming, via=Booking.Via.PORTAL)

    @rule(fault=st.sampled_from(FAULTS))
    def send(self, fault: str) -> None:
        self.relay.fault = fault
        with suppress(Killed):
            sending.drain(self.relay)

    @rule(hours=st.sampled_from([1, 3, 24, 72]))
    def clock(self, hours: int) -> None:
        """Time passes; whoever looks after the outbox every minute and every five comes round."""
        self.shift += timedelta(hours=hours)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('clock.shift', %s, true)", [f"{self.shift}"])
        self.world.enter_context(time_machine.travel(timezone.now() + timedelta(hours=hours)))
        housekeeping.housekeep()
        sweeping.sweep()

    @rule()
    def planner(self) -> None:
        assert sweeping.sweep() == 0

    @invariant()
    def what_is_promised_holds(self) -> None:
        assert [str(finding) for finding in invariants.broken()] == []


def rolled_back() -> ExitStack:
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.callback(transaction.set_rollback, True)
    return stack


def session_of(pk: int) -> Session:
    return Session.objects.get(pk=pk)


@pytest.mark.django_db
def test_whatever_happens_no_letter_is_lost_and_none_comes_twice():
    run_state_machine_as_test(Programme)
