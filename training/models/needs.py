"""What people need in order to take part, as far as they agreed to say."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from cohorts.models import Person
from dlp.audit.sealed import SealedTextField
from training.models.bookings import Booking
from training.models.sessions import Session


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: Person) -> NeedQuerySet:
        """People see their own; those who lead a future session, the needs of people coming to it.

        The table's row-level security says the same, for the person named to
        `dlp.audit.sealed.look_as`.
        """
        ahead = Session.objects.led_by(user).published().filter(ends_at__gt=timezone.now())
        coming = Booking.objects.coming().filter(person=OuterRef("person"), session__in=ahead)
        return self.filter(Q(person=user) | Q(models.Exists(coming)))

    def of_session(self, session: Session) -> NeedQuerySet:
        """The needs of people who are coming to this session."""
        return self.filter(person__in=session.bookings.coming().values("person"))


class Need(models.Model):
    """What one person needs at sessions, such as step-free access, for those who lead them.

    They agreed to each reading when they wrote it, can withdraw it with one button, and see who
    read it. Programme staff cannot read it unless they lead the session.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="need")
    text = SealedTextField("what you need")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["person__search_text", "pk"]

    def __str__(self) -> str:
        return f"What {self.person} needs"
