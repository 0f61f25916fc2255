"""The practical facts about a host that a leader needs on the first day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from cohorts.models import Person
from placements.models.schools import School

ASKED_AGAIN_AFTER = timedelta(days=182)


class Gap(NamedTuple):
    """A fact that the school has not told us yet."""

    field: str
    label: str
    about: str
    """What to ask about, inside a sentence: "parking"."""


class SchoolProfileQuerySet(models.QuerySet["SchoolProfile"]):
    def visible_to(self, user: Person) -> SchoolProfileQuerySet:
        """Staff see all, school leads their schools', a leader those of current and next hosts."""
        if user.is_staff:
            return self
        live = School.objects.filter(
            placements__participation__person=user,
            placements__state__in=["accepted", "confirmed", "active", "paused"],
        )
        led = School.objects.led_by(user)
        return self.filter(Q(school__in=led.values("pk")) | Q(school__in=live.values("pk")))


@pghistory.track()
class SchoolProfile(models.Model):
    """The practical facts of a host, and when somebody last confirmed them."""

    ABOUT = {
        "arrive_at": "when the day starts",
        "report_to": "where to report",
        "met_by": "who meets you",
        "dress": "what people wear",
        "parking": "parking",
        "lunch": "lunch",
        "access": "getting in and around without steps",
        "keys": "keys and radios",
        "bring": "what to bring",
        "safeguarding_lead": "who leads on safeguarding",
        "incident": "what to do in an incident",
    }
    """Every fact in the order of a first day, with its name inside a sentence."""

    school = models.OneToOneField(School, models.CASCADE, related_name="profile")
    arrive_at = models.TimeField("start time", null=True, blank=True)
    report_to = models.CharField("where to report", max_length=300, blank=True)
    met_by = models.CharField("who meets you", max_length=200, blank=True)
    dress = models.CharField(max_length=300, blank=True)
    parking = models.CharField(max_length=500, blank=True)
    lunch = models.CharField(max_length=300, blank=True)
    access = models.CharField(max_length=500, blank=True)
    keys = models.CharField("keys and radios", max_length=500, blank=True)
    bring = models.CharField("what to bring", max_length=500, blank=True)
    safeguarding_lead = models.CharField(max_length=200, blank=True)
    incident = models.TextField("in an incident", max_length=1_000, blank=True)
    confirmed_on = models.DateField("confirmed", editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    objects = SchoolProfileQuerySet.as_manager()

    class Meta:
        ordering = ["school__search_text", "pk"]

    def __str__(self) -> str:
        return f"Practical facts of {self.school}"

    def is_old(self, today: date) -> bool:
        """Whether it is time to confirm them again."""
        return self.confirmed_on + ASKED_AGAIN_AFTER <= today

    def gaps(self) -> list[Gap]:
        """The facts that are missing."""
        return gaps_of(self)


def gaps_of(profile: SchoolProfile | None) -> list[Gap]:
    """The facts missing in a profile; all of them if there is none."""
    return [
        Gap(name, str(SchoolProfile._meta.get_field(name).verbose_name), about)  # type: ignore[union-attr]
        for name, about in SchoolProfile.ABOUT.items()
        if not getattr(profile, name, None)
    ]
