"""Agreements between the programme and schools."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from cohorts.models import Person
from dlp.fields import DateRange
from placements.models.schools import School

EXPIRING_FOR = timedelta(days=90)
"""How long before its last day an agreement is expiring (R-SCH-07)."""


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: Person) -> PartnershipQuerySet:
        """Staff see all, a school lead their own school's."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.led_by(user))

    def covering(self, day: date) -> PartnershipQuerySet:
        """Partnerships that are active and whose dates include this day."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            state=Partnership.State.ACTIVE,
            starts_on__lte=day,
        )

    def standing_on(self, day: date) -> PartnershipQuerySet:
        """Those being prepared, in force or to come: neither ended nor expired."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day)).exclude(
            state=Partnership.State.ENDED
        )


@pghistory.track()
class Partnership(models.Model):
    """An agreement with a school, which makes it a partner while it is active and within its days.

    The next agreement is prepared while one is in force. Whether one expires soon or has expired
    follows from its last day, and is not stored.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        SIGNED = "signed", "Signed"
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    IN_PREPARATION = (State.DRAFT, State.SENT, State.SIGNED)

    school = models.ForeignKey(School, models.PROTECT, related_name="partnerships")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)
    signed_on = models.DateField("signed", null=True, blank=True, editable=False)
    agreement = models.FileField(upload_to="agreements", blank=True, editable=False)
    notes = models.TextField("what was agreed", max_length=2_000, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="partnership_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(state__in=["draft", "sent", "signed"]),
                name="partnership_one_in_preparation",
                violation_error_message="Another agreement with this school is on its way. "
                "Carry on with that one, or end it first.",
            ),
            ExclusionConstraint(
                name="partnership_one_in_force",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="active"),
                violation_error_message="Another agreement with this school is in force on some "
                "of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"Partnership with {self.school}"

    def standing(self, today: date) -> str:
        """Its state on a day: an active one may be expiring or expired by then."""
        if self.state != self.State.ACTIVE or self.ends_on is None:
            return self.state
        if self.ends_on < today:
            return "expired"
        return "expiring" if self.ends_on - EXPIRING_FOR <= today else self.state
