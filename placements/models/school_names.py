"""The names that schools had before."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils import timezone

from cohorts.models import Person
from placements.models.schools import School


class SchoolNameQuerySet(models.QuerySet["SchoolName"]):
    def visible_to(self, user: Person) -> SchoolNameQuerySet:
        return self.filter(school__in=School.objects.visible_to(user))


@pghistory.track()
class SchoolName(models.Model):
    """A former name of a school; search finds the school by it."""

    class Source(models.TextChoices):
        STAFF = "staff", "Programme staff"
        GIAS = "gias", "GIAS"

    school = models.ForeignKey(School, models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    held_to = models.DateField("until", null=True, blank=True, help_text="Empty if not known.")
    source = models.CharField(max_length=10, choices=Source, default=Source.STAFF, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SchoolNameQuerySet.as_manager()

    class Meta:
        ordering = ["-held_to", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"],
                name="school_name_once",
                violation_error_message="This former name is here already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
