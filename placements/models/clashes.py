"""Clashes that a school reports with a day on which leaders are out, and our answer."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Person
from placements.models.schools import School


class ClashQuerySet(models.QuerySet["Clash"]):
    def visible_to(self, user: Person) -> ClashQuerySet:
        """Staff see all, a school lead their own school's."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.led_by(user))

    def waiting(self) -> ClashQuerySet:
        return self.filter(answered_at=None)


@pghistory.track()
class Clash(models.Model):
    """A day out that clashes with something of the school's own, described in a sentence."""

    school = models.ForeignKey(School, models.PROTECT, related_name="clashes")
    day = models.DateField()
    text = models.CharField("what it clashes with", max_length=300)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    told_at = models.DateTimeField("told", default=timezone.now, editable=False)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    answered_at = models.DateTimeField("answered", null=True, blank=True, editable=False)

    objects = ClashQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "clashes"
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day"],
                condition=Q(answered_at=None),
                name="clash_once_until_answered",
                violation_error_message="The programme team knows of a clash on this day already.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="clash_says_what",
                violation_error_message="Say in a few words what it clashes with.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="clash_answer_has_its_author",
                violation_error_message="An answer has its time and whoever gave it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}, {self.day:%-d %B %Y}"
