"""What a residential needs beyond a session."""

from __future__ import annotations

import pghistory
from django.db import models

from cohorts.models import Person
from training.models.sessions import Session


class ResidentialQuerySet(models.QuerySet["Residential"]):
    def visible_to(self, user: Person) -> ResidentialQuerySet:
        return self.filter(session__in=Session.objects.visible_to(user))


@pghistory.track()
class Residential(models.Model):
    """A session of several days with nights away."""

    session = models.OneToOneField(
        Session, models.CASCADE, primary_key=True, related_name="residential"
    )
    arrival = models.TextField("getting there", blank=True)
    to_bring = models.TextField("what to bring", blank=True)

    objects = ResidentialQuerySet.as_manager()

    def __str__(self) -> str:
        return self.session.title

    @property
    def nights(self) -> int:
        return (self.session.ends_on - self.session.starts_on).days
