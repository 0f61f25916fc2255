"""The topics of letters that people have muted, and until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from cohorts.models import Person


class MutedTopicQuerySet(models.QuerySet["MutedTopic"]):
    def visible_to(self, user: Person) -> MutedTopicQuerySet:
        """Staff see all, to answer "why did I get nothing?"; people see their own."""
        return self if user.is_staff else self.filter(person=user)

    def in_force(self, day: date) -> MutedTopicQuerySet:
        return self.filter(Q(until=None) | Q(until__gte=day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MutedTopic(models.Model):
    """A topic of letters that a person muted: up to and including `until`, None is for good."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="muted_topics"
    )
    topic = models.CharField(max_length=40)
    until = models.DateField("last day without", null=True, blank=True)
    muted_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MutedTopicQuerySet.as_manager()

    class Meta:
        ordering = ["person", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "topic"],
                name="muted_topic_once",
                violation_error_message="These letters are switched off already.",
            ),
            models.CheckConstraint(
                condition=~Q(topic=""),
                name="muted_topic_is_named",
                violation_error_message="Say which letters are to be switched off.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.person}"
