"""The demonstration's letters: what was sent, and what is still to come.

Of the past only the last three months are written, which is what people look at; letters of earlier
years would be thousands of rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from cohorts import reminders as deferrals
from cohorts.models import Participation
from dlp.home.demo.clock import noon
from dlp.home.demo.diary import Entry
from dlp.home.demo.meetings import NAMESPACE, Held
from dlp.outbox import kinds
from dlp.outbox.models import Attempt, Message
from dlp.outbox.operations import ROWS_A_STATEMENT, new_message, of_person
from dlp.outbox.plans.leads import Policy
from dlp.outbox.plans.planning import Wanted
from dlp.outbox.writing import rendering
from placements import reminders as reviews
from training import certificate_reminders, leader_reminders, reminders
from training.models import Booking, Session

WRITTEN_FOR = timedelta(days=90)
A_MORNING = timedelta(hours=8)
"""How long ago people were told of another time."""


def write_letters(held: list[Held], today: date) -> None:
    """Record what was sent until this morning, then plan what is still to be sent."""
    now = noon(today) - timedelta(hours=12)
    policy = Policy.now()
    recent = {
        session.pk: (session, entry)
        for session, entry in held
        if not entry.is_draft and entry.day > today - WRITTEN_FOR
    }
    bookings = Booking.objects.filter(session__in=recent).select_related("person").order_by("pk")
    sent: list[Message] = []
    for booking in bookings:
        session, entry = recent[booking.session_id]
        sent += _sent_about(booking, session, policy, now, is_moved=entry.is_fresh)
    sent += _sent_to_leaders(recent, sent, now)
    deferred = Participation.objects.filter(state=Participation.State.DEFERRED).order_by("pk")
    for participation in deferred:
        wanted = deferrals.wanted(participation)
        sent += _sent_when_due(deferrals.SUBJECT, participation.pk, wanted, now)
    to_hold = reviews.wanted(reviews.ahead(None, ""))
    for pk, letters in to_hold.items():
        sent += _sent_when_due(reviews.SUBJECT, pk, letters, now)
    about_training = certificate_reminders.wanted(certificate_reminders.ahead(None, ""))
    for pk, letters in about_training.items():
        sent += _sent_when_due(certificate_reminders.SUBJECT, pk, letters, now)
    for start in range(0, len(sent), ROWS_A_STATEMENT):
        Message.objects.insert_missing(sent[start : start + ROWS_A_STATEMENT])
    Attempt.objects.bulk_create((try_of(message) for message in sent), ignore_conflicts=True)
    ahead = [session for session, _ in recent.values() if session.starts_at > now]
    reminders.plan_all(ahead, policy=policy, now=now)
    deferrals.plan_all(deferred, now=now)
    reviews.plan(list(to_hold), now=now)
    certificate_reminders.plan(list(about_training), now=now)


def _sent_about(
    booking: Booking,
    session: Session,
    policy: Policy,
    now: datetime,
    *,
    is_moved: bool,
) -> Iterator[Message]:
    """What told them first, the news of another time, and the reminders that were due by now."""
    if booking.is_in_line:
        return
    first = reminders.PLACE if booking.signed_up_at else reminders.INVITATION
    yield _sent(booking.person_id, session, first, booking.booked_at, revision=1)
    if booking.state == Booking.State.NOT_COMING:
        return
    told_at = booking.booked_at
    if is_moved:
        told_at = now - A_MORNING
        yield _sent(booking.person_id, session, reminders.CHANGED, told_at)
    for lead in policy.leads_for(session.kind, session.starts_at):
        if told_at < lead.due_at < now:
            yield _sent(booking.person_id, session, reminders.REMINDER, lead.due_at, lead=lead.key)


def _sent_to_leaders(
    recent: dict[int, tuple[Session, Entry]], sent: list[Message], now: datetime
) -> Iterator[Message]:
    """Those who lead were told when the first of their session was, and of another time with all."""
    first: dict[int, datetime] = {}
    for message in sent:
        first.setdefault(message.subject_id, message.created_at)
    led = leader_reminders.leaders_of(first)
    for pk, told_at in first.items():
        session, entry = recent[pk]
        for leader in led[pk]:
            yield _sent(leader, session, leader_reminders.LEADING, told_at, revision=1)
            if entry.is_fresh:
                yield _sent(leader, session, leader_reminders.LEADING_CHANGED, now - A_MORNING)


def _sent_when_due(
    subject_kind: str, subject_id: int, wanted: Iterable[Wanted], now: datetime
) -> Iterator[Message]:
    """What was sent about a deferral or a review, if its day has been."""
    for item in wanted:
        if item.due_at is not None and item.due_at < now:
            message = new_message(
                kinds.get(item.kind),
                recipient=of_person(item.person_id),
                person_id=item.person_id,
                subject_kind=subject_kind,
                subject_id=subject_id,
                lead=item.lead,
                now=item.due_at,
                leaves_at=item.due_at,
                not_after=item.not_after,
            )
            yield as_sent(message, item.due_at)


def _sent(
    person_id: int,
    session: Session,
    kind: str,
    sent_at: datetime,
    *,
    lead: str = "",
    revision: int | None = None,
) -> Message:
    """A sent letter whose text is no longer kept: when it was sent, and no words."""
    message = new_message(
        kinds.get(kind),
        recipient=of_person(person_id),
        person_id=person_id,
        subject_kind=reminders.SUBJECT,
        subject_id=session.pk,
        revision=revision or session.revision,
        lead=lead,
        now=sent_at,
        leaves_at=sent_at,
        not_after=session.starts_at,
    )
    return as_sent(message, sent_at)


def as_sent(message: Message, sent_at: datetime) -> Message:
    message.pk = uuid.uuid5(NAMESPACE, message.dedupe_key)
    message.state = Message.State.SENT
    message.attempts = 1
    message.data_started_at = message.frozen_at = message.accepted_at = sent_at
    message.message_id = rendering.message_id(message)
    message.created_at = message.updated_at = sent_at
    return message


def try_of(message: Message) -> Attempt:
    sent = Attempt.Outcome.SENT
    return Attempt(message=message, number=1, outcome=sent, code=250, ended_at=message.due_at)
