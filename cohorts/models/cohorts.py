"""Cohorts: groups of leaders who start together."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from cohorts.models.people import Person
from dlp.calendar import years_later

OFFERED = 20


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: Person) -> CohortQuerySet:
        """Cohorts this person may see: staff all, a participant those they have been in."""
        if user.is_staff:
            return self
        return self.filter(participations__person=user).distinct()

    def running_on(self, day: date) -> CohortQuerySet:
        """Cohorts whose two years include this day; both ends count."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def to_choose_from(self, chosen: str | None) -> CohortQuerySet:
        """The twenty latest cohorts and the one already chosen: short enough to choose from."""
        latest = Q(pk__in=self.values("pk")[:OFFERED])
        return self.filter(latest | Q(pk=chosen) if chosen and chosen.isdecimal() else latest)


@pghistory.track()
class Cohort(models.Model):
    """A group of leaders who start together; its state follows from its dates and people."""

    class Region(models.TextChoices):
        NORTH_EAST = "north_east", "North East"
        NORTH_WEST = "north_west", "North West"
        YORKSHIRE = "yorkshire", "Yorkshire and the Humber"
        EAST_MIDLANDS = "east_midlands", "East Midlands"
        WEST_MIDLANDS = "west_midlands", "West Midlands"
        EAST = "east", "East of England"
        LONDON = "london", "London"
        SOUTH_EAST = "south_east", "South East"
        SOUTH_WEST = "south_west", "South West"

    class Colour(models.TextChoices):
        PINE = "pine", "Pine"
        SKY = "sky", "Sky"
        CLAY = "clay", "Clay"
        MOSS = "moss", "Moss"
        PLUM = "plum", "Plum"

    name = models.CharField(max_length=100)
    is_pioneer = models.BooleanField("the Pioneer Cohort", default=False)
    starts_on = models.DateField("first day")
    ends_on = models.DateField(
        "last day", blank=True, help_text="Two years less a day, if left out."
    )
    regions = ArrayField(models.CharField(max_length=20, choices=Region), default=list, blank=True)
    target_size = models.PositiveSmallIntegerField("places", default=10)
    colour = models.CharField(max_length=10, choices=Colour, default=Colour.PINE)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coordinated_cohorts",
        limit_choices_to={"is_staff": True},
        help_text="Answers what participants and schools write back.",
    )
    plan_template = models.ForeignKey(
        "cohorts.PlanTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="cohorts",
        verbose_name="plan",
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        indexes = [models.Index(fields=["-starts_on", "name"], name="cohort_order")]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="cohort_name_is_its_own",
                violation_error_message="Another cohort has this name. Choose one of its own.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cohort_dates_in_order",
                violation_error_message="The last day must come after the first day.",
            ),
            models.UniqueConstraint(
                fields=["is_pioneer"],
                condition=Q(is_pioneer=True),
                name="cohort_one_pioneer",
                violation_error_message="There is one Pioneer Cohort, and it is here already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home:cohort", args=[self.pk])

    def clean(self) -> None:
        if self.starts_on and not self.ends_on:
            self.ends_on = default_end(self.starts_on)

    def get_regions_display(self) -> str:
        return ", ".join(self.Region(region).label for region in self.regions)


def default_end(starts_on: date) -> date:
    """Two years less a day (R-PRG-02)."""
    return years_later(starts_on, 2) - timedelta(days=1)
