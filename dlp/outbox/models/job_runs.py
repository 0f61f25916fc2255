"""Jobs that run once a day, and their outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from cohorts.models import Person


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def visible_to(self, user: Person) -> JobRunQuerySet:
        return self if user.is_staff else self.none()


class JobRun(models.Model):
    """One job on one local day; the database allows only one run for it."""

    name = models.CharField(max_length=60)
    local_date = models.DateField("day")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    result = models.JSONField(
        default=dict, help_text="Counts and names of rules, nothing of anybody."
    )

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ["-local_date", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "local_date"],
                name="job_once_a_day",
                violation_error_message="This job has run on that day.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")),
                name="job_ends_after_it_starts",
                violation_error_message="A job ends after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.local_date:%-d %B %Y}"
