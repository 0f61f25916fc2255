"""The canary: a letter to a mailbox of ours every quarter of an hour, by the usual way (R39).

Whoever watches the mailbox sees that letters arrive, and not only that a relay took them. The desk
says when one was not taken within five minutes.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from dlp.outbox import kinds, operations
from dlp.outbox.clock import database_now
from dlp.outbox.kinds import Kind, Letter, Priority
from dlp.outbox.models import Message
from dlp.outbox.models.messages import CANARY

SUBJECT = "canary"
EVERY = timedelta(minutes=15)


def render(message: Message) -> Letter:
    words = f"Canary {message.subject_id}. Letters leave; nobody need answer."
    return Letter(f"Canary {message.subject_id}", f"{words}\n", f"<p>{words}</p>")


KIND = Kind(
    name=CANARY,
    label="Test letter to ourselves",
    purpose="Shows that letters leave.",
    audience="A mailbox of ours",
    too_late="A quarter of an hour after it was due.",
    render=render,
    priority=Priority.DIGEST,
    heeds_quiet_hours=False,
    useful_for=EVERY,
)


def register() -> None:
    kinds.register(KIND)


def sing() -> None:
    """Send one if this quarter of an hour has none yet; nothing where no mailbox is named."""
    if not settings.CANARY_ADDRESS:
        return
    quarter = int(database_now().timestamp() // EVERY.total_seconds())
    if not Message.objects.about(SUBJECT, quarter).exists():
        operations.enqueue(
            CANARY, address=settings.CANARY_ADDRESS, subject_kind=SUBJECT, subject_id=quarter
        )
