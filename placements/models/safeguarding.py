"""Who is designated safeguarding lead (DSL) or deputy at a school."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cohorts.models import Person
from dlp.fields import DateRange
from placements.models.schools import School, SchoolContact


class SafeguardingRoleQuerySet(models.QuerySet["SafeguardingRole"]):
    def visible_to(self, user: Person) -> SafeguardingRoleQuerySet:
        """Staff see all, people their own, school leads their school's."""
        if user.is_staff:
            return self
        return self.filter(
            Q(person=user) | Q(school__in=SchoolContact.objects.schools_led_by(user))
        )

    def held_on(self, day: date) -> SafeguardingRoleQuerySet:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def not_over_on(self, day: date) -> SafeguardingRoleQuerySet:
        """Held on a day, or beginning later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


@pghistory.track()
class SafeguardingRole(models.Model):
    """A leader's time as a school's DSL or deputy, whatever training they have (R-DSL-06)."""

    class Role(models.TextChoices):
        DSL = "dsl", "Designated safeguarding lead"
        DEPUTY = "deputy", "Deputy designated safeguarding lead"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="safeguarding_roles"
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="safeguarding_roles")
    role = models.CharField(max_length=10, choices=Role, default=Role.DEPUTY)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SafeguardingRoleQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="safeguarding_role_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            ExclusionConstraint(
                name="safeguarding_role_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("school", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="They hold a role at this school already on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} at {self.school}"
