"""The demonstration's message to many: what the coordinator asked alumni, and how it went."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from urllib.parse import urlencode

from cohorts.audience import BOUNCED
from cohorts.models import Cohort, Participation, Person
from dlp.home.demo.clock import noon, workday
from dlp.home.demo.letters import as_sent, try_of
from dlp.home.demo.meetings import NAMESPACE
from dlp.outbox import kinds
from dlp.outbox.delivery.relays import Stage
from dlp.outbox.letters import MAILING, SUBJECT
from dlp.outbox.mailing import audiences
from dlp.outbox.mailing.mailings import HOLD
from dlp.outbox.models import Attempt, Mailing, Message
from dlp.outbox.operations import new_message, of_person

DAYS_AGO = timedelta(days=5)
NO_SUCH_MAILBOX = "5.1.1 No such mailbox"
ASKS = "Would you tell a twilight what worked?"
SAYS = """Hello {first_name}.

We are planning the twilights of the coming terms, and would like to hear from you: one thing that \
you tried in your school, and what became of it. Twenty minutes are plenty.

Answer this letter if you would, even if you are not sure yet.

{sender}"""


def write_to_former_leaders(cohort: Cohort, sender: Person, today: date) -> None:
    """A letter to everybody who completed; one of them bounced."""
    asked = urlencode({"cohort": cohort.pk, "state": Participation.State.COMPLETED})
    found = audiences.recipients(sender, "people", asked)
    held_until = noon(workday(today - DAYS_AGO))
    mailing = Mailing.objects.create(
        subject=ASKS,
        body=SAYS,
        audience="people",
        asked=asked,
        whom=found.words,
        state=Mailing.State.SENT,
        written_by=sender,
        written_at=held_until - HOLD,
        sent_by=sender,
        sent_at=held_until - HOLD,
        held_until=held_until,
    )
    letters = [as_sent(_letter(mailing, person), held_until) for person in found.going]
    returned = [
        _returned(_letter(mailing, person)) for person, why in found.left_out if why == BOUNCED
    ]
    Message.objects.insert_missing([*letters, *returned])
    Attempt.objects.bulk_create([*map(try_of, letters), *map(_refusal_of, returned)])


def _letter(mailing: Mailing, person: Person) -> Message:
    kind, leaves_at = kinds.get(MAILING), mailing.held_until
    assert leaves_at is not None  # noqa: S101  it was sent
    return new_message(
        kind,
        recipient=of_person(person.pk),
        person_id=person.pk,
        subject_kind=SUBJECT,
        subject_id=mailing.pk,
        now=leaves_at,
        leaves_at=leaves_at,
        not_after=leaves_at + kind.useful_for,
    )


def _returned(message: Message) -> Message:
    message.pk = uuid.uuid5(NAMESPACE, message.dedupe_key)
    message.state, message.state_reason = Message.State.DEAD, NO_SUCH_MAILBOX
    message.attempts, message.last_stage, message.last_code = 1, Stage.RCPT, 550
    return message


def _refusal_of(message: Message) -> Attempt:
    return Attempt(
        message=message,
        number=1,
        stage=message.last_stage,
        outcome=Attempt.Outcome.DECLINED,
        code=message.last_code,
        words=message.state_reason,
        ended_at=message.due_at,
    )
