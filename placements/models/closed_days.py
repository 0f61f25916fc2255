"""Days on which one school is closed and others are open: its own holidays and INSET days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from cohorts.models import Person
from dlp import facts, words
from placements.models.schools import School

LONGEST = timedelta(days=60)
"""Longer than any summer: a longer one is a typing error."""


class ClosedDaysQuerySet(models.QuerySet["ClosedDays"]):
    def visible_to(self, user: Person) -> ClosedDaysQuerySet:
        """Staff see all, a school lead their own school's."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.led_by(user))

    def touching(self, first: date, last: date) -> ClosedDaysQuerySet:
        """Those that overlap these days, first and last included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def not_over_on(self, day: date) -> ClosedDaysQuerySet:
        return self.filter(ends_on__gte=day)


@pghistory.track()
class ClosedDays(models.Model):
    """Days on which a school is closed, where its year differs from that of most schools.

    They are a warning for whoever plans a session (R-EVT-02). Letters and reviews count their days
    by the usual school year.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Holiday of its own"
        INSET = "inset", "INSET day"

    school = models.ForeignKey(School, models.PROTECT, related_name="closed_days")
    kind = models.CharField("what it is", max_length=10, choices=Kind, default=Kind.HOLIDAY)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClosedDaysQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "closed days"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closed_days_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__lte=F("starts_on") + LONGEST),
                name="closed_days_are_not_a_year",
                violation_error_message="A school is closed for 60 days at most. Look at the days again.",
            ),
            models.UniqueConstraint(
                fields=["school", "starts_on", "ends_on"],
                name="closed_days_once",
                violation_error_message="These days are written down already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}, {self.days}"

    @property
    def days(self) -> str:
        """19 to 23 October 2026"""
        return words.span(self.starts_on, self.ends_on)


def closed_from(today: date) -> ArraySubquery:
    """The closed days of a school from a day on, as a column; `closed_told` decodes it."""
    ahead = ClosedDays.objects.filter(school=OuterRef("pk")).not_over_on(today)
    told = JSONObject(pk="pk", kind="kind", starts_on="starts_on", ends_on="ends_on")
    return ArraySubquery(ahead.values(json=told))


def closed_told(found: Iterable[dict[str, Any]]) -> list[ClosedDays]:
    return [ClosedDays(**vars(facts.row(one))) for one in found]
