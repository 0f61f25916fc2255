"""How long before a session people are reminded: data that staff may change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import F, Q, Value
from django.template.defaultfilters import pluralize

from dlp import words
from dlp.outbox.plans import session_kinds

if TYPE_CHECKING:
    from cohorts.models import Person


MOST_DAYS, MOST_HOURS = 56, 48
A_DAY = Value(timedelta(days=1), models.DurationField())
AN_HOUR = Value(timedelta(hours=1), models.DurationField())


def length_in_words(length: timedelta) -> str:
    """15 minutes, 2 hours, 8 days."""
    for unit, one in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if length and not length % one:
            return words.count(length // one, unit)
    return words.count(length // timedelta(minutes=1), "minute")


class LeadPolicyQuerySet(models.QuerySet["LeadPolicy"]):
    def visible_to(self, user: Person) -> LeadPolicyQuerySet:
        return self if user.is_staff else self.none()

    def in_use(self) -> LeadPolicyQuerySet:
        """The leads that are switched on."""
        return self.filter(is_on=True)


@pghistory.track()
class LeadPolicy(models.Model):
    """One reminder before every session of a kind.

    A calendar lead has `days` and `at`: so many days before, at this local time. An elapsed lead
    has `hours`: exactly so long before. `useful_until` says how long before the start it is no
    longer worth sending (messages.md R28).
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
        ordering = [
            "session_kind",
            F("days").desc(nulls_last=True),
            F("hours").desc(nulls_last=True),
            "pk",
        ]
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
                condition=Q(days=None) | Q(days__gte=1, days__lte=MOST_DAYS),
                name="lead_is_some_days_ahead",
                violation_error_message="Give 1 to 56 days. For the same day, give hours.",
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=1, hours__lte=MOST_HOURS),
                name="lead_is_some_hours_ahead",
                violation_error_message="Give 1 to 48 hours. For longer, give days and a time.",
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=False, useful_until__lt=F("days") * A_DAY)
                | Q(hours__isnull=False, useful_until__lt=F("hours") * AN_HOUR),
                name="lead_is_due_while_of_use",
                violation_error_message="This is before the reminder itself. Choose a later moment.",
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
    def ahead(self) -> timedelta:
        """How far before the start it is meant to be sent, before holidays and nights move it."""
        if self.hours is not None:
            return timedelta(hours=self.hours)
        return timedelta(days=self.days or 0)

    @property
    def last_moment(self) -> str:
        return length_in_words(self.useful_until)

    @property
    def key(self) -> str:
        """The key of this lead in a message: 7d or 2h."""
        return f"{self.days}d" if self.hours is None else f"{self.hours}h"
