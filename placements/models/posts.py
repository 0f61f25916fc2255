"""Careers: jobs that leaders held before and after, and where they go after the programme."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cohorts.models import Participation, Person
from placements.models.schools import School


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Person) -> PostQuerySet:
        """Staff see all, everybody else their own."""
        return self if user.is_staff else self.filter(person=user)


@pghistory.track()
class Post(models.Model):
    """A job somebody held or holds at a school, outside our placements.

    Two may overlap: an assistant headteacher may also be the SENCO.
    """

    class Level(models.TextChoices):
        TEACHER = "teacher", "Teacher"
        MIDDLE_LEADER = "middle_leader", "Middle leader"
        ASSOCIATE_LEADER = "associate_leader", "Associate Leader"
        ASSISTANT_HEADTEACHER = "assistant_headteacher", "Assistant Headteacher"
        SENCO = "senco", "SENCO"
        DEPUTY_HEADTEACHER = "deputy_headteacher", "Deputy Headteacher"
        HEADTEACHER = "headteacher", "Headteacher"
        EXECUTIVE = "executive", "Executive leader"
        OTHER = "other", "Outside school leadership"

    class Source(models.TextChoices):
        SELF = "self", "They said it"
        HOST = "host", "Their school said it"
        STAFF = "staff", "Programme staff"
        IMPORT = "import", "Import"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="posts")
    employer_name = models.CharField(
        "employer", max_length=200, blank=True, help_text="Where it is no school we list."
    )
    title = models.CharField(max_length=100)
    level = models.CharField(max_length=30, choices=Level, blank=True)
    is_slt = models.BooleanField("on the senior leadership team", default=False)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)
    has_senco_award = models.BooleanField(
        "has the NPQ for SENCOs or NASENCO",
        default=False,
        help_text="A SENCO without it has three years to get it.",
    )
    source = models.CharField("who said it", max_length=10, choices=Source, default=Source.STAFF)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="post_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=False) | ~Q(employer_name=""),
                name="post_has_an_employer",
                violation_error_message="Choose the school, or write the employer's name.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.school or self.employer_name}"


class UnknownDestinationQuerySet(models.QuerySet["UnknownDestination"]):
    def visible_to(self, user: Person) -> UnknownDestinationQuerySet:
        """Staff see all, everybody else their own."""
        return self if user.is_staff else self.filter(participation__person=user)


@pghistory.track()
class UnknownDestination(models.Model):
    """Recorded when nobody knows where a leader goes next, so that they can complete without it."""

    participation = models.OneToOneField(
        Participation, models.PROTECT, related_name="unknown_destination"
    )
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    objects = UnknownDestinationQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.participation}: destination not known"
