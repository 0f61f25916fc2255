"""How long somebody takes to a school, where a member of staff found it out."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Person
from placements.models.schools import School

LONGEST = 600


class TravelTimeQuerySet(models.QuerySet["TravelTime"]):
    def visible_to(self, user: Person) -> TravelTimeQuerySet:
        """Only staff plan placements."""
        return self if user.is_staff else self.none()


@pghistory.track()
class TravelTime(models.Model):
    """Minutes from home to a school, as staff found out; they take precedence over our estimate.

    They are valid for the home they were measured from: after a move the estimate is used again.
    """

    Mode = Person.Travel

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="travel_times"
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="travel_times")
    mode = models.CharField("how", max_length=20, choices=Mode)
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )
    home_sector = models.CharField("from", max_length=6, blank=True, editable=False)
    said_on = models.DateField(default=timezone.localdate, editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    objects = TravelTimeQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school", "mode"],
                name="travel_time_once",
                violation_error_message="This journey has its minutes already. Change them.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, LONGEST)),
                name="travel_time_in_range",
                violation_error_message=f"A journey takes between 1 and {LONGEST} minutes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} to {self.school}: {self.minutes} minutes"
