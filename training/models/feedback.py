"""Feedback on a session: three questions, once, and never by name."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Person
from training.models.bookings import Booking


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: Person) -> FeedbackQuerySet:
        """People see only their own. `training.feedback` sums up what all said, without names."""
        return self.filter(booking__person=user)


class Feedback(models.Model):
    """One person's feedback.

    It refers to their booking, so that they are asked only once, and keeps the day but not the
    time.
    """

    class Useful(models.IntegerChoices):
        VERY = 4, "Very useful"
        QUITE = 3, "Useful"
        LITTLE = 2, "A little useful"
        NOT = 1, "Not useful"

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField("how useful was it?", choices=Useful)
    will_try = models.TextField("what will you do differently?", max_length=1_000, blank=True)
    would_change = models.TextField("what should be different?", max_length=1_000, blank=True)
    given_on = models.DateField("said", default=timezone.localdate, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ["booking__session", "useful", "will_try", "would_change"]
        triggers = [pgtrigger.Protect(name="said_once", operation=pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(
                condition=Q(useful__gte=1, useful__lte=4),
                name="feedback_on_the_scale",
                violation_error_message="Say how useful it was, from not useful to very useful.",
            )
        ]

    def __str__(self) -> str:
        return f"What somebody said of {self.booking.session}"
