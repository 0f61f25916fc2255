"""What people need in order to take part, and agreed to say."""

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
        """Everybody their own; whoever leads a session to come, those of who is coming to it.

        The policy of the table says the same, to whoever `dlp.audit.sealed.look_as` has named.
        """
        ahead = Session.objects.led_by(user).published().filter(ends_at__gt=timezone.now())
        coming = Booking.objects.coming().filter(person=OuterRef("person"), session__in=ahead)
        return self.filter(Q(person=user) | Q(models.Exists(coming)))

    def of_session(self, session: Session) -> NeedQuerySet:
        """Those of the people who are coming to this session."""
        return self.filter(person__in=session.bookings.coming().values("person"))


class Need(models.Model):
    """What one person needs at sessions, such as step-free access, for whoever leads them.

    They agreed to each reading when they wrote it, take it back with one button, and see who read it.
    Programme staff do not read it unless they lead the session.
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
