"""Every tap in a register, with its time: the latest tap decides the mark."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from cohorts.models import Person
from training.models.bookings import Booking


class RegisterTapQuerySet(models.QuerySet["RegisterTap"]):
    def visible_to(self, user: Person) -> RegisterTapQuerySet:
        """Visible to people who see the booking it is about."""
        return self.filter(booking__in=Booking.objects.visible_to(user).order_by())


class RegisterTap(models.Model):
    """One tap: which mark somebody gave whom and when, and when we received it.

    Rows are only added.

    If two phones share a register, or one was offline, the tap with the later time is the mark on
    the booking; the other is kept and changes nothing.
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
