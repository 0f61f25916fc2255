"""When somebody last looked at their home, and who covers for staff who are away."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from cohorts.models import Person
from dlp import words
from dlp.fields import DateRange


class LookQuerySet(models.QuerySet["Look"]):
    def visible_to(self, user: Person) -> LookQuerySet:
        """People see only their own."""
        return self.filter(person=user)


class Look(models.Model):
    """When somebody last looked at their home, and when before this visit.

    Looks less than an hour apart are one visit, so that news stays while they read. It serves only
    their own home: it is not in the admin, and no group can get a permission on it.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="look"
    )
    looked_at = models.DateTimeField("last looked")
    since_at = models.DateTimeField("looked before that visit", null=True, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-looked_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(since_at=None) | Q(since_at__lte=F("looked_at")),
                name="look_in_order",
                violation_error_message="Somebody cannot have looked before after they looked last.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {words.moment(self.looked_at)}"


class CoverQuerySet(models.QuerySet["Cover"]):
    def visible_to(self, user: Person) -> CoverQuerySet:
        """Covers are for staff."""
        return self if user.is_staff else self.none()

    def open_on(self, day: date) -> CoverQuerySet:
        """Covers that run on this day or later."""
        return self.filter(ends_on__gte=day)

    def running_on(self, day: date) -> CoverQuerySet:
        return self.open_on(day).filter(starts_on__lte=day)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Cover(models.Model):
    """A member of staff who is away, and who covers for them; first and last day included.

    A cover cancelled before its first day is deleted; its history stays.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="covers", verbose_name="who is away"
    )
    covered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="covering", verbose_name="who covers"
    )
    starts_on = models.DateField("first day away")
    ends_on = models.DateField("last day away")

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cover_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("covered_by")),
                name="cover_by_somebody_else",
                violation_error_message="Nobody can cover for themselves. Choose a colleague.",
            ),
            ExclusionConstraint(
                name="cover_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Somebody covers on some of these days already. "
                "End that cover first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.covered_by} for {self.person}"
