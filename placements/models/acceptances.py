"""Each side's yes to an offered placement: it is agreed once both have said yes."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cohorts.models import Person
from placements.models.placements import Placement
from placements.models.schools import SchoolContact


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def visible_to(self, user: Person) -> AcceptanceQuerySet:
        if user.is_staff:
            return self
        return self.filter(placement__in=Placement.objects.visible_to(user))

    def standing(self) -> AcceptanceQuerySet:
        """Acceptances of the current days; a yes to earlier days no longer counts."""
        return self.filter(asking=F("placement__asking"))


class Acceptance(models.Model):
    """One side's yes to an offer. Rows are added, never altered; a no ends the placement instead.

    `asking` counts how often they had been asked: after a change of days both sides are asked
    again. `contact` is who at the school said yes, if known; `by` is who was signed in, empty if it
    was answered from a letter.
    """

    class Side(models.TextChoices):
        LEADER = "leader", "The leader"
        SCHOOL = "school", "The school"

    class Via(models.TextChoices):
        PORTAL = "portal", "Here, signed in"
        LETTER = "letter", "From the letter"
        STAFF = "staff", "Told to the programme"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="acceptances")
    side = models.CharField(max_length=10, choices=Side)
    asking = models.PositiveSmallIntegerField("time of asking", default=1, editable=False)
    said_at = models.DateTimeField("said", default=timezone.now, editable=False)
    via = models.CharField("how", max_length=10, choices=Via)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(
        SchoolContact, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["said_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "side", "asking"],
                name="acceptance_once_a_side",
                violation_error_message="This side has said yes already.",
            ),
            models.CheckConstraint(
                condition=Q(side="school") | Q(contact=None),
                name="acceptance_contact_is_of_the_school",
                violation_error_message="Only the school’s answer comes from one of its contacts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} said yes"
