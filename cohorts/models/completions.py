"""The verdict on each criterion, as it stood when somebody completed the programme."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual

from cohorts.models.participations import ParticipationChange
from cohorts.models.people import Person

LEAST_REASON = 20
"""Minimum letters of the reason to complete although something is lacking."""
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters that cannot be mistaken for each other."""


def new_reference() -> str:
    """A reference that nobody can guess."""
    return reference_of(secrets.token_bytes(8))


def reference_of(seed: bytes) -> str:
    """Eight characters such as K7QF-2M9P, one for each of the first bytes."""
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in seed[:8])
    return f"{signs[:4]}-{signs[4:]}"


class CompletionQuerySet(models.QuerySet["Completion"]):
    def visible_to(self, user: Person) -> CompletionQuerySet:
        """Staff see all, everybody else their own."""
        return self if user.is_staff else self.filter(change__participation__person=user)

    def in_force_on(self, day: date) -> CompletionQuerySet:
        """Those in effect on a day and not undone: a certificate is issued only for these."""
        return self.filter(change__undone_by=None, change__effective_on__lte=day)


class Completion(models.Model):
    """The criteria for completing, and which were met, as recorded at the time.

    `answers` has each criterion with its sentence. If one was not met, `override_reason` says why
    they completed all the same, on the word of whoever recorded the change. Rows are added, never
    altered.
    """

    change = models.OneToOneField(ParticipationChange, models.PROTECT, related_name="completion")
    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    answers = models.JSONField(editable=False)
    met = models.PositiveSmallIntegerField(editable=False)
    total = models.PositiveSmallIntegerField("of how many", editable=False)
    override_reason = models.TextField("completed all the same because", blank=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(met__lte=F("total")),
                name="completion_counts_in_order",
                violation_error_message="No more can be met than completing takes.",
            ),
            models.CheckConstraint(
                condition=Q(met=F("total"), override_reason="")
                | Q(
                    GreaterThanOrEqual(Length(Trim("override_reason")), LEAST_REASON),
                    met__lt=F("total"),
                ),
                name="completion_gives_its_reason",
                violation_error_message=(
                    f"Where something is lacking, a reason of at least {LEAST_REASON} letters says "
                    f"why they complete all the same."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.met} of {self.total}"

    @property
    def is_override(self) -> bool:
        return self.met < self.total

    @property
    def lacking(self) -> list[dict[str, Any]]:
        return [one for one in self.answers if not one["is_met"]]
