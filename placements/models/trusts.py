"""Trusts and local authorities, as GIAS lists them."""

from __future__ import annotations

import pghistory
from django.db import models

from cohorts.models import Cohort, Person


class TrustQuerySet(models.QuerySet["Trust"]):
    def visible_to(self, user: Person) -> TrustQuerySet:
        """Public facts, but only staff have pages about them."""
        return self if user.is_staff else self.none()


@pghistory.track()
class Trust(models.Model):
    """A multi-academy or single-academy trust, from GIAS."""

    uid = models.CharField("GIAS group id", max_length=10, unique=True)
    name = models.CharField(max_length=200)

    objects = TrustQuerySet.as_manager()

    class Meta:
        ordering = ["name", "uid"]

    def __str__(self) -> str:
        return self.name


class LocalAuthorityQuerySet(models.QuerySet["LocalAuthority"]):
    def visible_to(self, user: Person) -> LocalAuthorityQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track()
class LocalAuthority(models.Model):
    """A local authority; academies have the one they lie in, which does not maintain them."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=20, choices=Cohort.Region, blank=True)

    objects = LocalAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "local authorities"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name
