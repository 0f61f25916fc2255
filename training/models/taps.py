"""Every tap in a register, with the moment it was made: the last one by time is what counts."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from cohorts.models import Person
from training.models.bookings import Booking


class RegisterTapQuerySet(models.QuerySet["RegisterTap"]):
    def visible_to(self, user: Person) -> RegisterTapQuerySet:
        """Whoever sees the place in the register that it is about."""
        return self.filter(booking__in=Booking.objects.visible_to(user).order_by())


class RegisterTap(models.Model):
    """One tap: which mark somebody gave whom and when, and when it reached us.

    Rows are only added. Of two phones on one register, or one that was offline, the later tap by
    its own time is the mark that the booking carries; the other stays here and changes nothing.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="taps")
    mark = models.CharField(
        max_length=12, choices=Booking.Attendance, blank=True, help_text="Empty takes a mark back."
    )
    excuse = models.CharField("why excused", max_length=10, choices=Booking.Excuse, blank=True)
    at = models.DateTimeField("tapped")
    received_at = models.DateTimeField("reached us", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(
        "why so late",
        max_length=300,
        blank=True,
        help_text="Given where the days for corrections were over.",
    )

    objects = RegisterTapQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "at", "pk"]
        indexes = [models.Index(fields=["booking", "-at"], name="register_tap_latest")]
        triggers = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "at", "mark", "by"],
                name="register_tap_once",
                violation_error_message="This tap is kept already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_mark_display() or 'mark taken back'}"
