"""The letters about a session: an invitation and a reminder each, sent or still to be sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from dlp.bench.filling.scene import Scene
from dlp.outbox.kinds import Priority
from dlp.outbox.models import Attempt, Message
from dlp.outbox.operations import recipient_key
from training.models import Booking, Session
from training.reminders import INVITATION, REMINDER, SUBJECT

NEAR = timedelta(days=60)
REMINDED = timedelta(days=7)
A_LETTER = b"Dear leader, this is when and where we meet, and what to bring. " * 24
GIVEN_UP = 400
"""Of so many letters one never arrived."""


def add_letters(scene: Scene, session: Session, bookings: Iterable[Booking]) -> None:
    """Of the sessions of the last two months and of the next two."""
    if abs(session.starts_at - scene.now) > NEAR:
        return
    for number, booking in enumerate(bookings):
        add_letter(scene, booking, INVITATION, booking.booked_at, number)
        if booking.is_live:
            add_letter(scene, booking, REMINDER, session.starts_at - REMINDED, number)


def add_letter(scene: Scene, booking: Booking, kind: str, due_at: datetime, number: int) -> None:
    is_due = due_at < scene.now
    is_lost = is_due and (scene.number * 12 + number) % GIVEN_UP == 9
    state = Message.State.DEAD if is_lost else Message.State.SENT
    message = scene.rows.add_about(
        Message(
            kind=kind,
            priority=Priority.REMINDER if kind == REMINDER else Priority.PERSONAL,
            person=booking.person,
            recipient=recipient_key(booking.person, ""),
            subject_kind=SUBJECT,
            revision=1,
            due_at=due_at,
            not_after=booking.session.ends_at,
            state=state if is_due else Message.State.PLANNED,
            attempts=1 if is_due else 0,
            next_attempt_at=due_at,
            holds_link=True,
            created_at=min(due_at, scene.now),
            updated_at=min(due_at, scene.now),
        ),
        booking.session,
    )
    message.dedupe_key = f"bench|{message.pk}"
    if not is_due:
        return
    Outcome = Attempt.Outcome
    if not is_lost:
        message.frozen = A_LETTER
        message.frozen_at = message.data_started_at = message.accepted_at = due_at
        message.message_id = f"<{message.pk}@example.org>"
    scene.rows.add(
        Attempt(
            message=message,
            number=1,
            outcome=Outcome.FAILED if is_lost else Outcome.SENT,
            ended_at=due_at,
        )
    )
