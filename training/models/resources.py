"""Files that presenters hand out, each for a circle of people."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from training.models.bookings import Booking
from training.models.community import has_completed, is_on_programme
from training.models.sessions import Session
from training.models.twilights import Presenter


class Circle(models.TextChoices):
    """Who may see a file; each circle contains the one before.

    Staff, presenters and leaders see all.
    """

    PRESENTERS = "presenters", "Those who present, and the team"
    ATTENDEES = "attendees", "Those who came"
    PARTICIPANTS = "participants", "Everybody on the programme"
    ALUMNI = "alumni", "Everybody on the programme, and alumni"


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: Person) -> ResourceQuerySet:
        """By circle, once the session is over; presenters and leaders see it before, too."""
        if user.is_staff:
            return self
        presented = Presenter.objects.standing().filter(person=user).values("session")
        led = Session.objects.led_by(user).order_by().values("pk")
        came = Booking.objects.filter(person=user, attendance__in=Booking.CAME).values("session")
        beyond = [Circle.PARTICIPANTS, Circle.ALUMNI]
        read = (
            (~Q(circle=Circle.PRESENTERS) & Q(session__in=came))
            | (Q(circle__in=beyond) & is_on_programme(user))
            | (Q(circle=Circle.ALUMNI) & has_completed(user))
        )
        inside = Q(handed_in_by=user) | Q(session__in=presented) | Q(session__in=led)
        return self.filter(inside | (Q(session__ends_at__lt=Now()) & read))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Resource(models.Model):
    """A file of a session, such as slides, served only to those who may see it."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="resources")
    title = models.CharField("what it is", max_length=120)
    file = models.FileField(upload_to="resources", editable=False)
    file_name = models.CharField(max_length=120, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField("bytes", editable=False)
    circle = models.CharField("for whom", max_length=12, choices=Circle, default=Circle.ATTENDEES)
    has_rights = models.BooleanField("we may hand it out", default=False)
    no_pupil_named = models.BooleanField("no pupil can be recognised in it", default=False)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    handed_in_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_rights=True),
                name="resource_may_be_handed_out",
                violation_error_message="Say that we may hand it out.",
            ),
            models.CheckConstraint(
                condition=Q(no_pupil_named=True),
                name="resource_names_no_pupil",
                violation_error_message="Say that no pupil can be recognised in it.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:resource", args=[self.pk])
