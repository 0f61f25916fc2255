"""The private address of a person's calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from cohorts.models import Person


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    def visible_to(self, user: Person) -> FeedTokenQuerySet:
        """Staff see that somebody has one, and since when; others their own."""
        return self if user.is_staff else self.filter(person=user)


@pghistory.track(
    pghistory.InsertEvent("made"),
    pghistory.UpdateEvent("made anew"),
    pghistory.DeleteEvent("switched off"),
    exclude=["token_hash", "last_fetched_at"],
)
class FeedToken(models.Model):
    """The key in the address of a person's calendar, as a hash: nobody can read the address here.

    A person has at most one. A new one replaces the old; without a row there is no calendar.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feed_token"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("made", db_default=Now(), editable=False)
    last_fetched_at = models.DateTimeField("last fetched", null=True, editable=False)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "calendar address"
        verbose_name_plural = "calendar addresses"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
