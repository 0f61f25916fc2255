"""The guidance that leaders work by, who has read it, and updates of their knowledge."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cohorts.models import Person
from dlp.fields import WebAddressField

A_DAY_IN_MINUTES = 24 * 60


class GuidanceEditionQuerySet(models.QuerySet["GuidanceEdition"]):
    def visible_to(self, user: Person) -> GuidanceEditionQuerySet:
        """Published guidance is no secret among those who are signed in."""
        return self

    def in_force_on(self, day: date) -> GuidanceEdition | None:
        """The latest edition in force on a day; None before the first we know."""
        return self.filter(in_force_on__lte=day).order_by("-in_force_on").first()

    def unread_by(self, person: Any, day: date) -> GuidanceEditionQuerySet:
        """The edition in force on a day, if somebody has not said that they read it; a row, a key, or
        a column of a row outside."""
        said = Acknowledgement.objects.filter(edition=OuterRef("pk"), person=person)
        latest = GuidanceEdition.objects.filter(in_force_on__lte=day).order_by("-in_force_on")
        return self.filter(~Exists(said), pk=Subquery(latest.values("pk")[:1]))

    def with_word_of(self, person: Person) -> GuidanceEditionQuerySet:
        """Annotate when somebody said that they read Part One, as `read_at`."""
        said = Acknowledgement.objects.filter(edition=OuterRef("pk"), person=person)
        return self.annotate(read_at=Subquery(said.values("acknowledged_at")))


@pghistory.track()
class GuidanceEdition(models.Model):
    """An edition of Keeping children safe in education, in force until the next (R-DSL-08)."""

    name = models.CharField(max_length=60, unique=True, help_text="Such as KCSIE 2026.")
    in_force_on = models.DateField("in force from", unique=True)
    address = WebAddressField("where it is published", blank=True)
    source_note = models.CharField("how we know", max_length=300, blank=True)

    objects = GuidanceEditionQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="guidance_edition_is_named",
                violation_error_message="Give the edition its name, such as KCSIE 2026.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, user: Person) -> AcknowledgementQuerySet:
        """Staff see all, everybody else their own."""
        return self if user.is_staff else self.filter(person=user)


@pghistory.track()
class Acknowledgement(models.Model):
    """Somebody says that they have read Part One of an edition; the next edition asks again."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="acknowledgements"
    )
    edition = models.ForeignKey(GuidanceEdition, models.PROTECT, related_name="acknowledgements")
    acknowledged_at = models.DateTimeField("said", default=timezone.now, editable=False)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ["-acknowledged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "edition"],
                name="acknowledgement_once_an_edition",
                violation_error_message="They said already that they read this edition.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} read Part One of {self.edition}"


class KnowledgeUpdateQuerySet(models.QuerySet["KnowledgeUpdate"]):
    def visible_to(self, user: Person) -> KnowledgeUpdateQuerySet:
        """Staff see all, everybody else their own."""
        return self if user.is_staff else self.filter(person=user)


@pghistory.track()
class KnowledgeUpdate(models.Model):
    """Something small that kept a leader's knowledge fresh, and counts for the yearly refresh."""

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", "Bulletin or guidance read"
        NETWORK = "network", "Network meeting of safeguarding leads"
        BRIEFING = "briefing", "Briefing at school"
        COURSE = "course", "Short course or webinar"
        OTHER = "other", "Something else"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="knowledge_updates"
    )
    on = models.DateField("day")
    kind = models.CharField("what it was", max_length=20, choices=Kind)
    minutes = models.PositiveSmallIntegerField()
    reflection = models.TextField("what I took from it", max_length=1_000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = KnowledgeUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["person", "on"], name="knowledge_update_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=A_DAY_IN_MINUTES),
                name="knowledge_update_has_its_minutes",
                violation_error_message="Give the minutes it took: at least 1, and at most a day.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%-d %B %Y}"
