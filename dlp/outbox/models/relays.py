"""What senders share about a relay: how fast it takes letters, and its outages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from cohorts.models import Person


class RelayStateQuerySet(models.QuerySet["RelayState"]):
    def visible_to(self, user: Person) -> RelayStateQuerySet:
        return self if user.is_staff else self.none()


class RelayState(models.Model):
    """How many letters a relay may be given now: a bucket that fills over time (R23).

    Its `name` is a host and a port, never a user or password.
    """

    name = models.CharField(max_length=260, unique=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(db_default=Now())
    crowded_until = models.DateTimeField(null=True)

    objects = RelayStateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tokens__gte=0),
                name="relay_owes_no_letters",
                violation_error_message="A relay cannot be given fewer than no letters.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OutageQuerySet(models.QuerySet["Outage"]):
    def visible_to(self, user: Person) -> OutageQuerySet:
        return self if user.is_staff else self.none()

    def now(self) -> OutageQuerySet:
        return self.filter(ended_at=None)


class Outage(models.Model):
    """A time in which a relay was unusable, so that nothing was given to it (R21).

    It begins when the relay rejects our password or will not encrypt, and ends with the first probe
    that succeeds. Until `probe_at` nobody tries.
    """

    relay = models.CharField(max_length=260)
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    probe_at = models.DateTimeField()

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["relay"],
                condition=Q(ended_at=None),
                name="outage_one_at_a_time",
                violation_error_message="This relay has an outage already.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="outage_ends_after_it_began",
                violation_error_message="An outage cannot end before it began.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relay}: {self.reason}"
