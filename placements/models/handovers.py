"""Handovers when a school lead leaves, open until somebody has called their successor."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cohorts.models import Person
from placements.models.schools import School, SchoolContact


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: Person) -> HandoverQuerySet:
        """Staff see all, a school lead their own school's."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.led_by(user))

    def waiting(self) -> HandoverQuerySet:
        """Those without a welcome call yet."""
        return self.filter(welcomed_on=None)


@pghistory.track()
class Handover(models.Model):
    """A head or host lead leaves, and somebody from our team calls their successor."""

    school = models.ForeignKey(School, models.PROTECT, related_name="handovers")
    contact_left = models.OneToOneField(
        SchoolContact, models.PROTECT, related_name="handover", verbose_name="who leaves"
    )
    opened_on = models.DateField("opened", editable=False)
    welcomed_on = models.DateField("welcome call", null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="who called",
    )
    note = models.TextField("what was said", max_length=1_000, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(welcomed_on=None, by=None)
                | Q(welcomed_on__isnull=False, by__isnull=False),
                name="handover_call_has_its_caller",
                violation_error_message="Say on which day the call was, and who made it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Handover at {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("home:handover", args=[self.pk])
