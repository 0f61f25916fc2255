"""Pairs of people who may be the same person, and pairs that staff found to be two."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from cohorts.models.participations import Participation
from cohorts.models.people import Person


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def visible_to(self, user: Person) -> LikenessQuerySet:
        """Only staff compare people."""
        return self if user.is_staff else self.none()

    def open(self) -> LikenessQuerySet:
        """Pairs that nobody has declared to be two people."""
        said = NotDuplicate.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
        return self.filter(~Exists(said))

    def for_display(self) -> LikenessQuerySet:
        """With both people and the latest cohort of each."""
        return self.select_related("first", "second").annotate(
            first_cohort=_latest_cohort("first"), second_cohort=_latest_cohort("second")
        )


class Likeness(models.Model):
    """Two people who look alike, as of the last comparison of everybody."""

    class Sign(models.TextChoices):
        NAME = "name", "Name"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Telephone"
        TRN = "trn", "TRN"

    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="The likest first; a hundred is the most.")
    signs = ArrayField(models.CharField(max_length=10, choices=Sign))

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "likenesses"
        ordering = ["-score", "first", "second"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="likeness_once",
                violation_error_message="These two have been compared already.",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="likeness_in_order",
                violation_error_message="The two of a likeness stand in the order of their numbers.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def signs_said(self) -> list[str]:
        """What the two have in common, in words."""
        return [f"{self.Sign(sign).label} alike" for sign in self.signs]

    @property
    def sides(self) -> list[tuple[Person, str]]:
        """The two people, each with the cohort that `for_display` found; empty if none."""
        return [
            (self.first, self.first_cohort or ""),  # type: ignore[attr-defined]
            (self.second, self.second_cohort or ""),  # type: ignore[attr-defined]
        ]


def _latest_cohort(of: str) -> Subquery:
    times = Participation.objects.filter(person=OuterRef(of)).order_by("-starts_on")
    return Subquery(times.values("cohort__name")[:1])


class NotDuplicateQuerySet(models.QuerySet["NotDuplicate"]):
    def visible_to(self, user: Person) -> NotDuplicateQuerySet:
        return self if user.is_staff else self.none()


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class NotDuplicate(models.Model):
    """Two people who look alike and are different people.

    If staff take that back, the row is deleted and its history stays.
    """

    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NotDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = "pair found to be two people"
        verbose_name_plural = "pairs found to be two people"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="not_duplicate_once",
                violation_error_message="These two were said to be two people already.",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="not_duplicate_in_order",
                violation_error_message="The two of a pair stand in the order of their numbers.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
