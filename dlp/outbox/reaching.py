"""Somebody who was out of reach can be written to again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.functions import Now

from dlp.outbox import operations
from dlp.outbox.delivery.relays import Stage
from dlp.outbox.models import Message
from dlp.outbox.models.states import State
from dlp.outbox.plans import sweeping

if TYPE_CHECKING:
    from cohorts.models import Person


def write_again(person: Person, *, by: Person) -> None:
    """Plan what is to come for them, and retry refused letters that are still useful.

    Call it in the transaction of the change (R3).
    """
    refused = Message.objects.filter(
        person=person, state=State.DEAD, last_stage=Stage.RCPT, is_secret=False
    )
    for message in refused.filter(not_after__gt=Now()):
        operations.retry_message(message, by=by)
    sweeping.plan_for(person)
