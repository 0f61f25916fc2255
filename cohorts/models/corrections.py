"""Corrections that staff made to confirmed facts, with the reason."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models.people import Person


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Person) -> CorrectionQuerySet:
        """Staff see every correction, anybody else those of their own facts."""
        if user.is_staff:
            return self
        return self.filter(person=user)


class Correction(models.Model):
    """One confirmed fact about somebody, corrected by staff for a reason. Never altered.

    For a fact that is masked in lists only the change itself is recorded: `was` and `became` are
    empty.
    """

    class Fact(models.TextChoices):
        FULL_NAME = "full_name", "Full name"
        EMAIL = "email", "E-mail address"
        TRN = "trn", "Teacher reference number"

    UNTOLD = frozenset({Fact.TRN})

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=20, choices=Fact)
    was = models.CharField(max_length=254, blank=True)
    became = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_has_a_reason",
                violation_error_message="Say why a confirmed fact is changed.",
            ),
            models.CheckConstraint(
                condition=~Q(fact="trn") | Q(was="", became=""),
                name="correction_does_not_tell_a_trn",
                violation_error_message="A correction of a TRN does not say what it was.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()} of {self.person}"

    @property
    def said(self) -> str:
        """The correction as a sentence, without the reason."""
        fact = self.get_fact_display()
        if not self.was and not self.became:
            return f"{fact} corrected."
        return f"{fact} corrected from {self.was or 'none'} to {self.became or 'none'}."
