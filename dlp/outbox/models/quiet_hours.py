"""The hours in which nobody is written to: data that staff may change (messages.md R30)."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import F, Q

from dlp.outbox.plans.timing import Night, Nights

if TYPE_CHECKING:
    from cohorts.models import Person

EARLIEST_EVENING, LATEST_MORNING = time(17), time(10)
BEGINS = "Quiet hours begin at 17:00 or later."
ENDS = "Quiet hours end at 10:00 or earlier."
PRESSING = "Pressing news may go at every hour at which other letters go."


class QuietHoursQuerySet(models.QuerySet["QuietHours"]):
    def visible_to(self, user: Person) -> QuietHoursQuerySet:
        return self if user.is_staff else self.none()

    def nights(self) -> Nights:
        """The hours that hold now; the usual ones where nobody has set any. One query."""
        return (self.first() or QuietHours()).nights


@pghistory.track()
class QuietHours(models.Model):
    """The hours in which nobody is written to. There is one row.

    News of a change within a day is `pressing`, and has a shorter night.
    """

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    begins = models.TimeField("from", default=time(20))
    ends = models.TimeField("until", default=time(7))
    pressing_begins = models.TimeField("for pressing news, from", default=time(22))
    pressing_ends = models.TimeField("for pressing news, until", default=time(6))

    objects = QuietHoursQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quiet hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="quiet_hours_are_one_row",
                violation_error_message="There is one set of quiet hours.",
            ),
            models.CheckConstraint(
                condition=Q(begins__gte=EARLIEST_EVENING),
                name="quiet_hours_begin_in_the_evening",
                violation_error_message=BEGINS,
            ),
            models.CheckConstraint(
                condition=Q(ends__lte=LATEST_MORNING),
                name="quiet_hours_end_in_the_morning",
                violation_error_message=ENDS,
            ),
            models.CheckConstraint(
                condition=Q(pressing_begins__gte=F("begins"), pressing_ends__lte=F("ends")),
                name="quiet_hours_are_shorter_for_pressing_news",
                violation_error_message=PRESSING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"

    @property
    def nights(self) -> Nights:
        return Nights(
            Night(self.begins, self.ends), Night(self.pressing_begins, self.pressing_ends)
        )
