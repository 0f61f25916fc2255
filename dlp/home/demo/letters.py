"""The demonstration's letters: invitations that went out long ago, and the reminders to come."""

from __future__ import annotations

from django.utils import timezone

from dlp.outbox import kinds, rendering
from dlp.outbox.models import LeadPolicy, Message
from dlp.outbox.operations import new_message, recipient_key
from dlp.outbox.planning import horizon
from training import reminders
from training.models import Booking, Session


def write_letters() -> None:
    """Record the invitations as sent, then plan what is still to be sent."""
    ahead = Session.objects.published().filter(starts_at__gt=timezone.now())
    bookings = Booking.objects.live().filter(session__in=ahead).select_related("session", "person")
    Message.objects.bulk_create([_sent_invitation(booking) for booking in bookings])
    policies = list(LeadPolicy.objects.all())
    for session in ahead.filter(starts_at__lt=horizon(timezone.now())):
        reminders.plan(session, policies=policies)


def _sent_invitation(booking: Booking) -> Message:
    """The letter as it stands once its text is kept no longer: when it went, and no words."""
    sent_at = booking.booked_at
    message = new_message(
        kinds.get(reminders.INVITATION),
        recipient=recipient_key(booking.person, ""),
        person=booking.person,
        subject_kind=reminders.SUBJECT,
        subject_id=booking.session_id,
        revision=booking.session.revision,
        now=sent_at,
        due_at=sent_at,
        not_after=booking.session.starts_at,
    )
    message.state = Message.State.SENT
    message.attempts = 1
    message.data_started_at = message.frozen_at = message.accepted_at = sent_at
    message.message_id = rendering.message_id(message)
    message.created_at = message.updated_at = sent_at
    return message
