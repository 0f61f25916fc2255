"""What the programme and a school have agreed."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q

from cohorts.models import Person
from placements.models.schools import School


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


@pghistory.track()
class Partnership(models.Model):
    """An agreement with a school; active and unended, it makes the school a partner."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        SIGNED = "signed", "Signed"
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    school = models.ForeignKey(School, models.PROTECT, related_name="partnerships")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)

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
                condition=~Q(state="ended"),
                name="partnership_one_at_a_time",
                violation_error_message="This school has a partnership already. End that one first.",
            ),
        ]

    def __str__(self) -> str:
        return f"Partnership with {self.school}"
