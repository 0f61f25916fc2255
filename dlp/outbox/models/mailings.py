"""One message from staff to everybody on a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from dlp.outbox.models.kind_texts import KindText

if TYPE_CHECKING:
    from cohorts.models import Person


class MailingQuerySet(models.QuerySet["Mailing"]):
    def visible_to(self, user: Person) -> MailingQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track()
class Mailing(models.Model):
    """A message from staff to a list of people.

    The list of a draft is evaluated anew each time. Once it is sent, its letters are the record of
    who got it: one for each person, including those left out with the reason. They are held until
    `held_until`, so that it can be undone before anything has left.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        UNDONE = "undone", "Called off"

    subject = models.CharField(max_length=KindText.SUBJECT_LENGTH)
    body = models.TextField(max_length=KindText.BODY_LENGTH)
    audience = models.CharField("which list", max_length=40)
    asked = models.CharField("its filters", max_length=1_000, blank=True)
    whom = models.CharField("to whom", max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="No letter of it leaves before this."
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["-written_at", "-id"], name="mailing_order")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(subject__regex=r"[\r\n]") & Q(body__regex=r"\S"),
                name="mailing_says_something",
                violation_error_message="A message needs a subject on one line, and something to say.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_by=None, sent_at=None, held_until=None)
                | (
                    ~Q(state="draft")
                    & Q(sent_by__isnull=False, sent_at__isnull=False, held_until__isnull=False)
                ),
                name="mailing_sending_is_whole",
                violation_error_message="A sent message records who sent it, when, and until when it is held.",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_by__isnull=False, undone_at__isnull=False)
                | (~Q(state="undone") & Q(undone_by=None, undone_at=None)),
                name="mailing_undoing_is_whole",
                violation_error_message="A message that was called off records who did it and when.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="words_stand_once_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.subject, OLD.body, OLD.audience, OLD.asked)"
                    " IS DISTINCT FROM (NEW.subject, NEW.body, NEW.audience, NEW.asked)"
                ),
            ),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[("draft", "sent"), ("sent", "undone")],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("outbox:mailing", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
