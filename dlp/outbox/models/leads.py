"""How long before a session people are reminded: data that staff may change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.template.defaultfilters import pluralize

from dlp.outbox import session_kinds

if TYPE_CHECKING:
    from cohorts.models import Person


class LeadPolicyQuerySet(models.QuerySet["LeadPolicy"]):
    def visible_to(self, user: Person) -> LeadPolicyQuerySet:
        return self if user.is_staff else self.none()

    def in_use(self, session_kind: str) -> LeadPolicyQuerySet:
        """The leads of this kind of session that are switched on, the earliest first."""
        return self.filter(session_kind=session_kind, is_on=True)


@pghistory.track()
class LeadPolicy(models.Model):
    """One reminder before every session of a kind.

    A calendar lead has `days` and `at`: so many days before, at this time on the wall. An elapsed lead
    has `hours`: exactly so long before. `useful_until` says how long before the start it stops being
    worth sending (messages.md R28).
    """

    session_kind = models.CharField(max_length=20, choices=session_kinds.choices)
    days = models.PositiveSmallIntegerField("days before", null=True, blank=True)
    at = models.TimeField("at", null=True, blank=True)
    hours = models.PositiveSmallIntegerField("hours before", null=True, blank=True)
    useful_until = models.DurationField(
        "not sent any later than this before the start", default=timedelta(hours=2)
    )
    is_on = models.BooleanField("in use", default=True)

    objects = LeadPolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "lead policies"
        ordering = ["session_kind", "-days", "-hours", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isnull=False, at__isnull=False, hours=None)
                | Q(days=None, at=None, hours__isnull=False),
                name="lead_is_days_or_hours",
                violation_error_message="Give days and a time, or hours alone.",
            ),
            models.UniqueConstraint(
                fields=["session_kind", "days", "hours"],
                name="lead_once_a_kind",
                nulls_distinct=False,
                violation_error_message="This kind of session has that reminder already.",
            ),
            models.CheckConstraint(
                condition=Q(useful_until__gte=timedelta(0)),
                name="lead_ends_by_the_start",
                violation_error_message="A reminder is of no use once the session has begun.",
            ),
        ]

    def __str__(self) -> str:
        if self.hours is not None:
            return f"{self.hours} hour{pluralize(self.hours)} before"
        if self.days is None or self.at is None:
            return "not filled in yet"
        return f"{self.days} day{pluralize(self.days)} before at {self.at:%H:%M}"

    @property
    def key(self) -> str:
        """The word that stands for this lead in a message: 7d or 2h."""
        return f"{self.days}d" if self.hours is None else f"{self.hours}h"
