"""Who must not be placed at which school, whatever else speaks for it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Person
from placements.models.schools import School


class ConflictOfInterestQuerySet(models.QuerySet["ConflictOfInterest"]):
    def visible_to(self, user: Person) -> ConflictOfInterestQuerySet:
        """Staff only: neither the person nor the school sees it."""
        return self if user.is_staff else self.none()

    def in_force(self) -> ConflictOfInterestQuerySet:
        return self.filter(ended_at=None)


@pghistory.track()
class ConflictOfInterest(models.Model):
    """Somebody is too close to a school to lead there, as when their partner is its head.

    The reason is for the two roles that read reasons; other staff see only that there is one.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    school = models.ForeignKey(School, models.PROTECT, related_name="conflicts")
    note_private = models.TextField("private reason", blank=True, max_length=1_000)
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ConflictOfInterestQuerySet.as_manager()

    class Meta:
        verbose_name = "conflict of interest"
        verbose_name_plural = "conflicts of interest"
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school"],
                condition=Q(ended_at=None),
                name="conflict_of_interest_once",
                violation_error_message="This conflict of interest is written down already.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="conflict_of_interest_end_is_whole",
                violation_error_message="An end has its moment and who said it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} and {self.school}"
