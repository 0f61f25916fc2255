"""Changes to the programme while letters leave: sessions are published, moved, cancelled, joined."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from dlp.drill.programme import IN_DAYS, make_people, make_sessions
from dlp.drill.servers import AWAY
from dlp.errors import Refused
from training.models import Booking, Session
from training.operations import bookings, sessions

A_SESSION = 20
"""People on each session."""
AT_ONCE = 0.7
"""The share of letters that are invitations; changes make the rest."""


class Programme:
    """Staff at work on sessions.

    Each step is one operation, repeated if the database went away.
    """

    def __init__(self, letters: int, chance: random.Random) -> None:
        self._chance = chance
        everybody = make_people(A_SESSION + 1)
        self._staff, *self._people = everybody
        self.nobody = self._people[0].email or ""
        """An address that no mailbox has."""
        number = max(1, round(letters * AT_ONCE / A_SESSION))
        self._drafts = make_sessions(number, self._people, state=Session.State.DRAFT)
        self._published: list[Session] = []
        self.steps_left = number + max(1, round(letters * (1 - AT_ONCE) / A_SESSION))

    def step(self) -> None:
        """Publish the next session, or change one that is published."""
        self.steps_left -= 1
        is_next = self._drafts and self._chance.random() < len(self._drafts) / (self.steps_left + 1)
        if is_next or not self._published:
            self._published.append(self._drafts.pop())
            _do(lambda: sessions.publish(self._published[-1]))
            return
        change = self._chance.choice(
            [self._move, self._move, self._cancel, self._leave, self._join]
        )
        session = self._chance.choice(self._published)
        _do(lambda: change(session))

    def _move(self, session: Session) -> None:
        day = timezone.localdate() + timedelta(days=IN_DAYS + self._chance.randrange(1, 20))
        sessions.edit_session(session, by=self._staff, starts_on=day, ends_on=day)

    def _cancel(self, session: Session) -> None:
        """Cancel, or reinstate."""
        session.refresh_from_db()
        if session.state == Session.State.CANCELLED:
            sessions.reinstate(session)
        else:
            sessions.cancel(session, by=self._staff, reason="The hall is closed.")

    def _leave(self, session: Session) -> None:
        booking = Booking.objects.filter(session=session).order_by("pk")
        bookings.withdraw_booking(self._chance.choice(booking))

    def _join(self, session: Session) -> None:
        (newcomer,) = make_people(1)
        bookings.invite_person(session, newcomer)


def _do(change: Callable[[], object]) -> None:
    """Operations can be repeated, so a commit lost with the connection does no harm."""
    while True:
        try:
            change()
        except Refused:
            return
        except AWAY:
            connection.close()
        else:
            return
