"""Every try to send a letter, and every intervention by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from dlp.outbox.models.messages import Message

if TYPE_CHECKING:
    from cohorts.models import Person


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: Person) -> AttemptQuerySet:
        return self if user.is_staff else self.none()


class Attempt(models.Model):
    """One try at sending one letter, or one decision about it. Rows are added, never changed.

    Tries are numbered from 1. A decision, by hand or by rule, has the number 0.
    """

    class Outcome(models.TextChoices):
        SENT = "sent", "Taken by the relay"
        DECLINED = "declined", "Declined by the relay"
        CROWDED = "crowded", "Put off by a crowded relay"
        FAILED = "failed", "Failed before the text was handed over"
        UNCERTAIN = "uncertain", "No answer after the text was handed over"
        ABANDONED = "abandoned", "The sender stopped"
        UNWRITTEN = "unwritten", "The letter could not be written"
        FOUND = "found", "Found in the relay's log"
        MISSING = "missing", "Not in the relay's log"
        REPEATED = "repeated", "Sent once more without knowing"
        LAPSED = "lapsed", "Never found out"
        DECIDED = "decided", "Decided by hand"

    message = models.ForeignKey(Message, models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField(help_text="0 for a decision.")
    stage = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    worker = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(db_default=Now())

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [BrinIndex(fields=["ended_at"], name="attempt_ended", autosummarize=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "number"],
                condition=models.Q(number__gt=0),
                name="attempt_number_once_a_message",
            ),
            models.UniqueConstraint(
                fields=["message"],
                condition=models.Q(outcome="repeated"),
                name="attempt_repeated_once_a_message",
                violation_error_message="A letter that may have arrived is sent once more, and not twice.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.message_id})"
