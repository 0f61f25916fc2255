"""Wording of a kind of letter by staff; a kind without a row uses its default wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse

if TYPE_CHECKING:
    from cohorts.models import Person


class KindTextQuerySet(models.QuerySet["KindText"]):
    def visible_to(self, user: Person) -> KindTextQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class KindText(models.Model):
    """Subject and body, with placeholders in braces, in place of the default wording."""

    SUBJECT_LENGTH = 120
    BODY_LENGTH = 4_000

    kind = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    body = models.TextField(max_length=BODY_LENGTH)

    objects = KindTextQuerySet.as_manager()

    class Meta:
        verbose_name = "wording of a letter"
        verbose_name_plural = "wordings of letters"
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(subject__regex=r"[\r\n]"),
                name="kind_text_subject_is_one_line",
                violation_error_message="A subject stands on one line, and says something.",
            ),
            models.CheckConstraint(
                condition=Q(body__regex=r"\S"),
                name="kind_text_says_something",
                violation_error_message="A letter needs something to say.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("admin:outbox_kindtext_words", args=[self.kind])
