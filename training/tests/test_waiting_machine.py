"""People sign up, change their minds and leave, places come and go, time passes: what is promised of the
waiting list holds after every step. `--hypothesis-profile=long` looks longer.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cohorts.tests.factories import make_participation, make_staff
from dlp.errors import Refused
from dlp.outbox.plans import sweeping
from training import waiting
from training.models import Booking, Session, SignUp
from training.operations import bookings, sessions
from training.operations import waiting as settling
from training.tests.factories import make_session

State = Booking.State
WHO = st.integers(0, 4)


class WaitingList(RuleBasedStateMachine):
    """A twilight with two places, three people in line, in a transaction that is taken back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.world.enter_context(transaction.atomic())
        self.world.callback(transaction.set_rollback, True)
        self.held_before = 0

    @initialize()
    def people_hear_of_it(self) -> None:
        self.staff = make_staff()
        self.people = [make_participation().person for _ in range(5)]
        day = timezone.localdate() + timedelta(days=6)
        self.pk = make_session(sign_up=SignUp.PROGRAMME, capacity=2, starts_on=day).pk
        for person in self.people:
            bookings.sign_up(self.session, person, via=Booking.Via.PORTAL)

    def teardown(self) -> None:
        self.world.close()

    @property
    def session(self) -> Session:
        return Session.objects.get(pk=self.pk)

    def booking(self, who: int) -> Booking | None:
        return Booking.objects.filter(session=self.pk, person=self.people[who]).first()

    @rule(who=WHO)
    def join(self, who: int) -> None:
        with suppress(Refused):
            bookings.sign_up(self.session, self.people[who], via=Booking.Via.PORTAL)

    @rule(who=WHO, coming=st.booleans())
    def answer(self, who: int, coming: bool) -> None:
        """Accept or decline an offer, give a place back, leave the list."""
        if booking := self.booking(who):
            with suppress(Refused):
                bookings.reply(booking, coming=coming, via=Booking.Via.LETTER)

    @rule(who=WHO)
    def is_invited_or_taken_off(self, who: int) -> None:
        with suppress(Refused):
            if booking := self.booking(who):
                bookings.withdraw_booking(booking)
            else:
                bookings.invite_person(self.session, self.people[who])

    @rule(who=WHO)
    def leaves_the_programme(self, who: int) -> None:
        person = self.people[who]
        person.is_active = False
        person.save(update_fields=["is_active"])
        sweeping.plan_for(person)
        settling.settle_all()  # as the next beat does

    @rule(places=st.sampled_from([1, 2, 3, 5, None]))
    def capacity(self, places: int | None) -> None:
        with suppress(Refused):
            sessions.edit_session(self.session, by=self.staff, capacity=places)

    @rule()
    def is_called_off_or_on_again(self) -> None:
        cancel = partial(sessions.cancel, by=self.staff)
        turn = sessions.reinstate if self.session.state == "cancelled" else cancel
        with suppress(Refused):
            turn(self.session)

    @rule(days=st.sampled_from([-2, 2]))
    def moves(self, days: int) -> None:
        day = self.session.starts_on + timedelta(days=days)
        if day > timezone.localdate():
            with suppress(Refused):
                sessions.edit_session(self.session, by=self.staff, starts_on=day, ends_on=day)

    @rule(hours=st.sampled_from([1, 23, 49]))
    def clock(self, hours: int) -> None:
        self.world.enter_context(time_machine.travel(timezone.now() + timedelta(hours=hours)))
        settling.settle_all()

    @rule()
    def nothing_is_left_to_settle(self) -> None:
        settling.settle_all()
        assert settling.settle_all() == 0
        assert sweeping.sweep() == 0

    @invariant()
    def what_is_promised_holds(self) -> None:
        if not hasattr(self, "pk"):
            return
        session = self.session
        held = session.bookings.holding().count()
        assert session.capacity is None or held <= max(session.capacity, self.held_before)
        self.held_before = held
        line = session.bookings.in_line().written_to()
        offered = session.bookings.filter(state=State.OFFERED)
        closes = waiting.closes_at(session)
        for offer in offered:
            assert offer.offer_ends_at is not None
            assert offer.offer_ends_at <= closes
            assert timezone.now() < closes
            assert not line.filter(signed_up_at__lt=offer.signed_up_at).exists()
        if waiting.is_open(session) and line.exists():
            assert waiting.is_full(session)
        people = list(session.bookings.values_list("person", flat=True))
        assert len(people) == len(set(people))


@pytest.mark.django_db
def test_whatever_happens_places_go_down_the_list_and_nobody_has_two():
    run_state_machine_as_test(WaitingList)
