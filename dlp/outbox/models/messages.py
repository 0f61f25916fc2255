"""The queue of record: one row is one letter to one person, from its plan to the relay's answer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Field, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from dlp.outbox.models.states import (
    LEAVING_OR_LEFT,
    MOVES,
    NEEDING_STAFF,
    NEVER_SENT,
    OPEN_STATES,
    WAITING_STATES,
    State,
)
from dlp.sealing import seal, unseal
from dlp.text import fold

if TYPE_CHECKING:
    from cohorts.models import Person


CANARY = "outbox.canary"
"""The kind of letter that only shows that letters leave."""


HELD_STILL = "Held, as it was before it moved."
MOVE = """
    UPDATE outbox_message AS message
    SET state = 'planned', state_reason = CASE WHEN held_until IS NULL THEN '' ELSE %s END,
        due_at = moved.due_at, next_attempt_at = moved.due_at, not_after = moved.not_after,
        frozen = NULL, frozen_at = NULL, updated_at = statement_timestamp()
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS moved (id, due_at, not_after)
    WHERE message.id = moved.id
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Person) -> MessageQuerySet:
        """Only programme staff look up letters; others have theirs in their own mailbox."""
        return self if user.is_staff else self.none()

    def about(self, subject_kind: str, subject_id: int) -> MessageQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)

    def open(self) -> MessageQuerySet:
        """Letters that have not begun to leave, so that they can still be cancelled."""
        return self.filter(state__in=Message.OPEN_STATES, data_started_at=None)

    def told(self) -> MessageQuerySet:
        """Letters that reached their recipient, or may have."""
        return self.exclude(data_started_at=None, possible_duplicate=False)

    def settled(self) -> MessageQuerySet:
        """Letters without an answer, for so long that the relay's log must know."""
        silence = timedelta(seconds=settings.SETTLE_SECONDS)
        return self.filter(state=State.UNCERTAIN, updated_at__lte=Now() - silence)

    def to_somebody_called(self, words: str) -> MessageQuerySet:
        """Letters to people whose name or address contains every word."""
        messages = self
        for word in fold(words).split():
            messages = messages.filter(person__search_text__contains=word)
        return messages

    def needing_staff(self) -> MessageQuerySet:
        """Letters that were given up or may not have arrived, while something can be done."""
        return self.filter(state__in=Message.NEEDING_STAFF, not_after__gt=Now(), is_secret=False)

    def to_leave(self) -> MessageQuerySet:
        return self.filter(state__in=Message.OPEN_STATES)

    def sent(self) -> MessageQuerySet:
        """Letters that the relay has.

        Each was due, so that the index finds the latest at once. Canaries, of which there are a
        hundred a day, are left out.
        """
        return self.filter(state=State.SENT, due_at__lte=Now()).exclude(kind=CANARY)

    def not_sent(self) -> MessageQuerySet:
        """Letters that certainly or possibly did not leave."""
        return self.filter(state__in=[*NEVER_SENT, *NEEDING_STAFF])

    def held(self) -> MessageQuerySet:
        """Letters that wait and that no sender takes, even if they are due."""
        return self.filter(state__in=Message.WAITING_STATES, held_until__gt=Now())

    def lock(self) -> dict[uuid.UUID, str]:
        """The states of these letters, locked in the order of their keys to avoid deadlocks."""
        rows = self.order_by("pk").select_for_update(of=("self",))
        return dict(rows.values_list("pk", "state"))

    def move(self, moves: Sequence[tuple[uuid.UUID, datetime, datetime]]) -> None:
        """Change when letters are due and until when they are useful, in one statement; holds stay."""
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE, [HELD_STILL, *(list(column) for column in zip(*moves, strict=True))]
            )

    def insert_missing(self, rows: Sequence[Message]) -> None:
        """Insert those whose key nobody has, in one statement: one value for a column in which all rows
        agree, as they do in most of what is only planned, and an array for any other.

        `bulk_create` would do the same, but sends each value by itself at many times the cost.
        """
        shared, varying = {}, {}
        for field in self.model._meta.concrete_fields:
            values = [getattr(row, field.attname) for row in rows]
            ready = {value: field.get_db_prep_save(value, connection) for value in set(values)}
            if len(ready) == 1:
                shared[field] = ready[values[0]]
            else:
                varying[field] = [ready[value] for value in values]
        with connection.cursor() as cursor:
            cursor.execute(
                _insert_sql(tuple(shared), tuple(varying)), [*shared.values(), *varying.values()]
            )

    def for_display(self) -> MessageQuerySet:
        return self.select_related("person", "cancelled_by").defer("frozen", "context")


class Message(models.Model):
    """One letter to one person. The address is looked up when it is sent.

    Once the relay was given the text, `data_started_at` is only cleared by its definite refusal, or
    its log. A letter that may have arrived and is sent again all the same is a `possible_duplicate`
    from then on.
    """

    State = State
    WAITING_STATES = WAITING_STATES
    OPEN_STATES = OPEN_STATES
    NEEDING_STAFF = NEEDING_STAFF

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(max_length=300)
    kind = models.CharField(max_length=80)
    priority = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    recipient = models.CharField(
        max_length=100, help_text="person:7, contact:12, presenter:3 or address: and a hash."
    )
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    lead = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    not_after = models.DateTimeField(help_text="It is not sent after this.")
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    state_reason = models.CharField("why", max_length=300, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # message_cancelled_by is its index, and costs other letters nothing
        related_name="+",
    )
    held_until = models.DateTimeField(
        null=True, editable=False, help_text="Nobody sends it before this."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    data_started_at = models.DateTimeField(null=True, editable=False)
    is_secret = models.BooleanField(default=False)
    holds_link = models.BooleanField(default=False)
    context = models.BinaryField(null=True)
    frozen = models.BinaryField(null=True)
    frozen_at = models.DateTimeField(null=True, editable=False)
    message_id = models.CharField(max_length=200, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    possible_duplicate = models.BooleanField(default=False)
    last_stage = models.CharField(max_length=12, blank=True)
    last_code = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "pk"]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="message_waiting",
                condition=Q(state__in=["planned", "retry"]),
            ),
            models.Index(
                fields=["lease_until"], name="message_claimed", condition=Q(state="claimed")
            ),
            models.Index(
                fields=["not_after"],
                name="message_needing_staff",
                condition=Q(state__in=["dead", "uncertain"]),
            ),
            models.Index(
                fields=["cancelled_by"],
                name="message_cancelled_by",
                condition=Q(cancelled_by__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
            models.Index(fields=["-due_at", "id"], name="message_order"),
            models.Index(fields=["kind", "-due_at", "id"], name="message_kind"),
            models.Index(
                fields=["due_at", "id"],
                name="message_to_leave",
                condition=Q(state__in=["planned", "retry", "claimed"]),
            ),
            models.Index(
                fields=["-due_at", "id"],
                name="message_not_sent",
                condition=Q(
                    state__in=[
                        "cancelled",
                        "superseded",
                        "expired",
                        "suppressed",
                        "dead",
                        "uncertain",
                    ]
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                name="message_once",
                violation_error_message="This letter is planned already.",
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=~Q(message_id=""),
                name="message_id_once",
                violation_error_message="Another letter has this Message-ID.",
            ),
            models.CheckConstraint(
                condition=Q(not_after__gte=F("due_at")),
                name="message_due_before_too_late",
                violation_error_message="A letter cannot be due after it would be too late.",
            ),
            models.CheckConstraint(
                condition=~Q(recipient=""),
                name="message_has_a_recipient",
                violation_error_message="A letter needs somebody to go to.",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="claimed") & Q(lease_token=None, lease_until=None)),
                name="message_lease_is_whole",
                violation_error_message="A letter that is being sent has a lease, and no other has.",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent")
                | Q(
                    accepted_at__isnull=False,
                    frozen_at__isnull=False,
                    data_started_at__isnull=False,
                )
                & ~Q(message_id=""),
                name="message_sent_is_whole",
                violation_error_message="A sent letter records what was sent and when it was taken.",
            ),
            models.CheckConstraint(
                condition=~Q(state="uncertain") | Q(data_started_at__isnull=False),
                name="message_uncertain_had_begun",
                violation_error_message="Only a letter that began to leave can be uncertain.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None) | Q(state="cancelled"),
                name="message_cancelled_by_hand",
                violation_error_message="Only a cancelled letter records who cancelled it.",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | ~Q(state__in=LEAVING_OR_LEFT),
                name="message_held_has_not_left",
                violation_error_message="A letter that is leaving, or has left, is not held.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(start, end) for start, ends in MOVES.items() for end in ends],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"

    def get_absolute_url(self) -> str:
        return reverse("outbox:message", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES and self.data_started_at is None

    @property
    def is_held(self) -> bool:
        """Whether it waits and no sender takes it."""
        if self.state not in self.WAITING_STATES or self.held_until is None:
            return False
        return self.held_until > timezone.now()

    @property
    def may_have_arrived(self) -> bool:
        return self.data_started_at is not None or self.possible_duplicate

    @property
    def is_sealed(self) -> bool:
        """Whether its text is encrypted once written, and erased when it is no longer needed."""
        return self.is_secret or self.holds_link

    @property
    def body_bound_to(self) -> str:
        return f"outbox.message.frozen:{self.pk}"

    @property
    def context_bound_to(self) -> str:
        return f"outbox.message.context:{self.pk}"

    def seal_context(self, content: dict[str, Any]) -> None:
        """Encrypt what the letter needs and nobody may read in the table: an address, a code."""
        self.context = seal(json.dumps(content).encode(), bound_to=self.context_bound_to)

    def open_context(self) -> dict[str, Any]:
        """What was encrypted for this letter; empty once it has been erased."""
        if self.context is None:
            return {}
        content: dict[str, Any] = json.loads(unseal(self.context, bound_to=self.context_bound_to))
        return content

    @property
    def secret(self) -> dict[str, Any]:
        """What `enqueue(secret=…)` was given: for the kind's `render` alone."""
        found: dict[str, Any] = self.open_context().get("secret", {})
        return found

    def letter_bytes(self) -> bytes | None:
        """The letter as the relay gets it; None if it is not written yet or has been erased.

        Raises SealBroken if it was encrypted under a key that is gone.
        """
        if self.frozen is None:
            return None
        if self.is_sealed:
            return unseal(self.frozen, bound_to=self.body_bound_to)
        return bytes(self.frozen)


@cache
def _insert_sql(shared: tuple[Field, ...], varying: tuple[Field, ...]) -> str:
    columns = ", ".join(
        connection.ops.quote_name(str(field.column)) for field in (*shared, *varying)
    )
    values = [f"%s::{_plain_type(field)}" for field in shared]
    arrays = ", ".join(f"%s::{_plain_type(field)}[]" for field in varying)
    given = f"FROM unnest({arrays}) AS given" if varying else ""
    chosen = ", ".join([*values, *(["given.*"] if varying else [])])
    return f"INSERT INTO outbox_message ({columns}) SELECT {chosen} {given} ON CONFLICT DO NOTHING"  # noqa: S608


def _plain_type(field: Field) -> str:
    """Without its length, because a cast to varchar(100) cuts where an insert refuses."""
    return str(field.db_type(connection)).partition("(")[0]
