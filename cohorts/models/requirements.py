"""What participants must have done by the end, and each attempt at it."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models.participations import Participation
from cohorts.models.people import Person
from cohorts.models.strands import Strand


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def visible_to(self, user: Person) -> RequirementQuerySet:
        """Requirements are no secret among people who are signed in."""
        return self

    def asked_for(self) -> RequirementQuerySet:
        """Those that new plans may still contain."""
        return self.filter(retired_on=None)


@pghistory.track()
class Requirement(models.Model):
    """Something the programme asks of every participant, once or several times.

    Other apps refer to it by its key, which never changes. A retired requirement stays met for
    those who met it.
    """

    key = models.SlugField(
        max_length=40, unique=True, help_text="Short and in lower case. It never changes."
    )
    name = models.CharField(max_length=100)
    short_name = models.CharField(
        "short name", max_length=20, help_text="For the head of a narrow column."
    )
    strand = models.CharField(max_length=40, choices=Strand, blank=True)
    position = models.PositiveSmallIntegerField(
        "place in the order", default=100, help_text="Lower numbers come first."
    )
    retired_on = models.DateField("no longer asked for since", null=True, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        triggers = [
            pgtrigger.Protect(
                name="key_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.key IS DISTINCT FROM NEW.key"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(short_name=""),
                name="requirement_is_named",
                violation_error_message="Give it a name, and a short one for narrow columns.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RequirementAttemptQuerySet(models.QuerySet["RequirementAttempt"]):
    def visible_to(self, user: Person) -> RequirementAttemptQuerySet:
        """Staff see every attempt, a participant their own."""
        if user.is_staff:
            return self
        return self.filter(participation__person=user)


@pghistory.track(level=pghistory.Statement)
class RequirementAttempt(models.Model):
    """One attempt at a requirement: its outcome, its day, and who said so.

    `source_kind` and `source_id` name the row of another app that it comes from, such as "booking"
    12. Only `cohorts.operations.requirements` writes these.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "Booked"
        WAITING_FOR_YOU = "waiting_for_you", "Waiting for you"
        WAITING_FOR_US = "waiting_for_us", "Waiting for us"
        MET = "met", "Met"
        TO_REPEAT = "to_repeat", "To repeat"
        NOT_COUNTED = "not_counted", "Does not count"

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="requirement_attempts"
    )
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="attempts")
    source_kind = models.CharField(
        "from which kind of record",
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z_.]*$", "Use lower case letters.")],
    )
    source_id = models.PositiveBigIntegerField("number of that record")
    state = models.CharField(max_length=20, choices=State)
    on = models.DateField("day")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RequirementAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "requirement", "source_kind", "source_id"],
                name="requirement_attempt_once",
                violation_error_message="This go is recorded already.",
            ),
            models.CheckConstraint(
                condition=~Q(source_kind=""),
                name="requirement_attempt_has_a_source",
                violation_error_message="An attempt at a requirement says where it is recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_state_display()} on {self.on:%-d %B %Y}"
