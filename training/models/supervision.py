"""Supervision groups and their members. What is said in them is not stored here."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Person
from dlp.fields import DateRange


class SupervisionGroupQuerySet(models.QuerySet["SupervisionGroup"]):
    def visible_to(self, user: Person) -> SupervisionGroupQuerySet:
        """Staff see that groups exist; supervisors see theirs, members those they are still in."""
        if user.is_staff:
            return self
        member_of = GroupMember.objects.filter(person=user).exclude(
            ends_on__lt=timezone.localdate()
        )
        return self.filter(Q(supervisor=user) | Q(pk__in=member_of.values("group")))

    def current_on(self, day: date) -> SupervisionGroupQuerySet:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


@pghistory.track()
class SupervisionGroup(models.Model):
    """A supervisor and a few leaders who meet through the year."""

    name = models.CharField(max_length=100)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="supervised_groups"
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, related_name="supervision_groups"
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)

    objects = SupervisionGroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="supervision_group_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="supervision_group_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:group", args=[self.pk])


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def visible_to(self, user: Person) -> GroupMemberQuerySet:
        return self.filter(group__in=SupervisionGroup.objects.visible_to(user))

    def current_on(self, day: date) -> GroupMemberQuerySet:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


@pghistory.track()
class GroupMember(models.Model):
    """A leader's time in a supervision group."""

    group = models.ForeignKey(SupervisionGroup, models.PROTECT, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="group_memberships"
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        ordering = ["group", "person"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="group_member_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            ExclusionConstraint(
                name="group_member_once_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="This person is in the group already on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"
