"""Checks that a host confirms before a leader's first day: that they were done, never the result.

The checks and their papers are kept by the school, on its single central record. No result,
certificate or word about anybody's past is stored here (domain.md 5.3).
"""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from cohorts.models import Person
from placements.models.placements import Placement
from placements.models.schools import SchoolContact


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, user: Person) -> CheckQuerySet:
        """Visible to whoever sees the placement: staff, its leader and its school."""
        if user.is_staff:
            return self
        return self.filter(placement__in=Placement.objects.visible_to(user))

    def outstanding(self) -> CheckQuerySet:
        """Required checks not yet confirmed, without which the placement does not begin."""
        return self.filter(is_required=True, confirmed_on=None)


@pghistory.track()
class Check(models.Model):
    """One check of safer recruitment, and who at the school confirmed it on which day.

    `confirmed_by` is who recorded it here: the contact themselves, or staff whom they told.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", "Identity"
        BARRED_LIST = "barred_list", "Barred list"
        ENHANCED_DBS = "enhanced_dbs", "Enhanced DBS"
        PROHIBITION = "prohibition", "Prohibition from teaching"
        QUALIFICATIONS = "qualifications", "Professional qualifications"
        RIGHT_TO_WORK = "right_to_work", "Right to work"
        SECTION_128 = "section_128", "Section 128"
        OVERSEAS = "overseas", "Overseas checks"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=Kind)
    is_required = models.BooleanField("required")
    confirmed_on = models.DateField("confirmed", null=True, blank=True, editable=False)
    contact = models.ForeignKey(
        SchoolContact,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="confirmed by the school’s",
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="written down by",
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "kind"],
                name="check_once_a_placement",
                violation_error_message="This check is laid out for the placement already.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, contact=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, contact__isnull=False, confirmed_by__isnull=False),
                name="check_confirmed_by_somebody",
                violation_error_message="A check is confirmed by somebody of the school, on a day.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_on is not None
