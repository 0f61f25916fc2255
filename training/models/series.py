"""Sessions that were planned together."""

from __future__ import annotations

import pghistory
from django.db import models

from cohorts.models import Person
from training.models.courses import Kind


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: Person) -> SeriesQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track()
class Series(models.Model):
    """Sessions that were planned together."""

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
