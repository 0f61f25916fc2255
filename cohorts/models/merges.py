"""Merges of two records of one person."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cohorts.models.people import Person


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def visible_to(self, user: Person) -> PersonMergeQuerySet:
        """Staff see all, others the merges into their own record."""
        return self if user.is_staff else self.filter(kept=user)


class PersonMerge(models.Model):
    """Two records that were merged: by whom, and what moved. Never altered."""

    kept = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="merges")
    gone = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="merge", help_text="Now a shell."
    )
    taken = models.JSONField(default=list, help_text="What was taken from the record that is gone.")
    moved = models.JSONField(default=dict, help_text="How many rows of each column moved.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "merge of two records"
        verbose_name_plural = "merges of two records"
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=F("gone")),
                name="person_merge_is_of_two",
                violation_error_message="A record cannot be merged with itself.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"
