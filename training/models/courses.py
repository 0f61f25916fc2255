"""What is taught, and where people meet."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from cohorts.models import Person
from cohorts.models.requirements import Requirement
from cohorts.models.strands import Strand
from placements.models import School


class Kind(models.TextChoices):
    TRAINING_DAY = "training_day", "Training day"
    DSL_TRAINING = "dsl_training", "DSL training"
    TWILIGHT = "twilight", "Twilight"
    SUPERVISION = "supervision", "Supervision"
    RESIDENTIAL = "residential", "Residential"


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: Person) -> CourseQuerySet:
        """The catalogue is for staff; others see a course through their sessions."""
        return self if user.is_staff else self.none()


@pghistory.track()
class Course(models.Model):
    """Something the programme teaches, once or many times."""

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TRAINING_DAY)
    strand = models.CharField(max_length=40, choices=Strand, blank=True)
    requirement = models.ForeignKey(
        Requirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name="counts for",
        help_text="Empty for what follows from the kind: a training day counts for nothing by itself.",
    )
    minutes = models.PositiveSmallIntegerField("length in minutes", default=360)
    summary = models.TextField(blank=True)
    materials = models.TextField(
        blank=True,
        help_text="What to read or bring, and where it lies: shown to those on a session.",
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                name="course_title_is_its_own",
                violation_error_message="Another course has this title.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class VenueQuerySet(models.QuerySet["Venue"]):
    def visible_to(self, user: Person) -> VenueQuerySet:
        """The list of venues is for staff; others see a venue through their sessions."""
        return self if user.is_staff else self.none()


@pghistory.track()
class Venue(models.Model):
    """A place to meet; a host school can be one."""

    name = models.CharField(max_length=200)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="venues")
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    access_notes = models.TextField("getting in, and step-free access", blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="venue_name_is_its_own",
                violation_error_message="Another venue has this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class VenueOperatorQuerySet(models.QuerySet["VenueOperator"]):
    def visible_to(self, user: Person) -> VenueOperatorQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track()
class VenueOperator(models.Model):
    """Who ran a venue, from a day to a day (R-RES-04)."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="operators")
    name = models.CharField(max_length=200)
    starts_on = models.DateField("from", null=True, blank=True)
    ends_on = models.DateField("until", null=True, blank=True)

    objects = VenueOperatorQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="venue_operator_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            )
        ]

    def __str__(self) -> str:
        return self.name
