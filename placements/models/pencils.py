"""Pencils: whom staff have in mind for a post, before anybody is proposed."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from cohorts.models import Participation, Person
from placements.models.openings import Opening
from placements.models.placements import Placement

LEAST_REASON = 20
"""Minimum letters of the reason for a pencil that something speaks against."""


class PencilQuerySet(models.QuerySet["Pencil"]):
    def visible_to(self, user: Person) -> PencilQuerySet:
        """Staff only: an idea that comes to nothing disappoints nobody."""
        return self if user.is_staff else self.none()

    def standing_on(self, day: date) -> PencilQuerySet:
        """Pencils that were not withdrawn and have not expired on this day."""
        return self.filter(rubbed_out_at=None, expires_on__gte=day)

    def for_display(self) -> PencilQuerySet:
        return self.select_related(
            "made_by", "opening__school", "opening__cohort", "participation__person"
        )


@pghistory.track()
class Pencil(models.Model):
    """A member of staff has somebody in mind for a post, until a day.

    It reserves no place, so a post may have more pencils than places, and two members of staff may
    have the same idea. `placement` is the proposal that came of it, if any.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="pencils")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="pencils")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateField("until", help_text="It holds through this day.")
    note = models.CharField(max_length=300, blank=True)
    override_reason = models.TextField("all the same because", max_length=1_000, blank=True)
    rubbed_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    rubbed_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    placement = models.OneToOneField(
        Placement, models.PROTECT, null=True, blank=True, editable=False, related_name="pencil"
    )

    objects = PencilQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "participation", "made_by"],
                condition=Q(rubbed_out_at=None),
                name="pencil_once",
                violation_error_message="You have pencilled this already.",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="")
                | Q(GreaterThanOrEqual(Length(Trim("override_reason")), LEAST_REASON)),
                name="pencil_gives_its_reason",
                violation_error_message=f"Say why in at least {LEAST_REASON} letters.",
            ),
            models.CheckConstraint(
                condition=Q(rubbed_out_at=None, rubbed_out_by=None, placement=None)
                | Q(rubbed_out_at__isnull=False, rubbed_out_by__isnull=False),
                name="pencil_end_is_whole",
                violation_error_message="What was rubbed out says when and by whom.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.person} for {self.opening}"
