"""A person's place at a session, and whether they came."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone

from cohorts.models import Participation, Person
from training.models.sessions import Session


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: Person) -> BookingQuerySet:
        """Staff see all; people their own; those who lead a session everybody's at it."""
        if user.is_staff:
            return self
        mine = Booking.objects.filter(person=user).order_by()
        led = Booking.objects.filter(session__in=Session.objects.led_by(user)).order_by()
        return self.filter(pk__in=mine.values("pk").union(led.values("pk"), all=True))

    def live(self) -> BookingQuerySet:
        """Bookings that are invited or coming."""
        return self.filter(state__in=Booking.LIVE_STATES)

    def standing(self) -> BookingQuerySet:
        """All bookings except those that were removed."""
        return self.exclude(state=Booking.State.WITHDRAWN)

    def written_to(self) -> BookingQuerySet:
        """Bookings of people who may be written to: neither deactivated nor away."""
        return self.filter(_in_reach())

    def reached(self) -> BookingQuerySet:
        """Those of them whose address exists and takes letters."""
        comes_back = Q(person__bounced_email=F("person__email"))
        return self.written_to().filter(~comes_back, person__email__isnull=False)

    def with_reach(self) -> BookingQuerySet:
        """Annotate what `may_be_written_to` reads."""
        return self.annotate(in_reach=ExpressionWrapper(_in_reach(), models.BooleanField()))

    def coming(self) -> BookingQuerySet:
        return self.filter(state=Booking.State.COMING)

    def holding(self) -> BookingQuerySet:
        """Bookings that take up a place, or have one on offer; not of people who are away or left."""
        held = (Booking.State.COMING, Booking.State.OFFERED)
        return self.filter(state__in=held).written_to()

    def in_line(self) -> BookingQuerySet:
        """The waiting list: whoever joined first comes first."""
        return self.filter(state=Booking.State.WAITING).order_by("signed_up_at", "pk")

    def for_display(self) -> BookingQuerySet:
        return self.select_related("session__venue", "session__group__supervisor", "person")


def _in_reach() -> Q:
    away = Participation.objects.away().filter(person=OuterRef("person"))
    return Q(person__is_active=True) & ~Q(Exists(away))


@pghistory.track(
    meta={
        "indexes": [models.Index(fields=["pgh_created_at"], name="booking_event_at")],
    }
)
class Booking(models.Model):
    """One person's place at one session: their answer, and their mark in the register.

    There is only ever one row per person and session. Somebody who is invited, waits, is offered a
    place, comes or declines has one claim in one state, so nobody can hold two places; whoever
    gives up a claim and returns has the same row again.
    """

    class State(models.TextChoices):
        """Somebody's answer; pages use these words and no others."""

        INVITED = "invited", "Not answered"
        COMING = "coming", "Coming"
        NOT_COMING = "not_coming", "Not coming"
        WAITING = "waiting", "On the waiting list"
        OFFERED = "offered", "Offered a place"
        LAPSED = "lapsed", "Offer ended"
        WITHDRAWN = "withdrawn", "Taken off"

    LIVE_STATES = frozenset({State.INVITED, State.COMING})
    IN_LINE = frozenset({State.WAITING, State.OFFERED})

    class Attendance(models.TextChoices):
        PRESENT = "present", "Present"
        LATE = "late", "Late"
        LEFT_EARLY = "left_early", "Left early"
        ONLINE = "online", "Online"
        EXCUSED = "excused", "Excused"
        ABSENT = "absent", "Absent"

    CAME = frozenset(
        {Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY, Attendance.ONLINE}
    )

    class Excuse(models.TextChoices):
        """Why somebody is excused, in codes that reveal nothing about health or family."""

        SCHOOL = "school", "Needed at school"
        TRAVEL = "travel", "Could not get there"
        PERSONAL = "personal", "A personal matter"
        OTHER = "other", "Another reason"

    class Via(models.TextChoices):
        PORTAL = "portal", "Signed in"
        LETTER = "letter", "The link in a letter"
        STAFF = "staff", "Programme staff"

    session = models.ForeignKey(Session, models.PROTECT, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=15, choices=State, default=State.INVITED, editable=False)
    booked_at = models.DateTimeField(default=timezone.now, editable=False)
    replied_at = models.DateTimeField(null=True, blank=True, editable=False)
    replied_via = models.CharField(max_length=10, choices=Via, blank=True, editable=False)
    reply_reason = models.CharField("why not", max_length=200, blank=True)
    signed_up_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When they asked for a place of their own accord: the order of the waiting list.",
    )
    offer_ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    attendance = models.CharField(max_length=12, choices=Attendance, blank=True)
    excuse = models.CharField("why excused", max_length=10, choices=Excuse, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True, editable=False)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    makes_up = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="made_up_by",
        verbose_name="makes up for",
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["session", "person__search_text", "pk"]
        indexes = [
            models.Index(fields=["person", "state"], name="booking_person_state"),
            models.Index(fields=["replied_at"], name="booking_replied_at"),
            models.Index(
                fields=["marked_at"], name="booking_absent", condition=Q(attendance="absent")
            ),
            models.Index(
                fields=["session", "signed_up_at"],
                name="booking_in_line",
                condition=Q(state__in=["waiting", "offered"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="booking_once_a_session",
                violation_error_message="This person is on the session already.",
            ),
            models.CheckConstraint(
                condition=Q(attendance="", marked_at=None, marked_by=None)
                | (~Q(attendance="") & Q(marked_at__isnull=False, marked_by__isnull=False)),
                name="booking_mark_is_whole",
                violation_error_message="A mark in the register records who made it and when.",
            ),
            models.CheckConstraint(
                condition=(Q(attendance="excused") & ~Q(excuse=""))
                | (~Q(attendance="excused") & Q(excuse="")),
                name="booking_excused_for_a_reason",
                violation_error_message="Say why they are excused.",
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, replied_via="")
                | (Q(replied_at__isnull=False) & ~Q(replied_via="")),
                name="booking_reply_is_whole",
                violation_error_message="An answer records when and how it came.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "offered"]) | Q(signed_up_at__isnull=False),
                name="booking_waits_since",
                violation_error_message="A place on the waiting list records since when.",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_ends_at__isnull=False)
                | (~Q(state="offered") & Q(offer_ends_at=None)),
                name="booking_offer_has_an_end",
                violation_error_message="An offer of a place records when it ends.",
            ),
            models.CheckConstraint(
                condition=Q(makes_up=None) | ~Q(makes_up=F("pk")),
                name="booking_makes_up_for_another",
                violation_error_message="A session cannot make up for itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.session}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE_STATES

    @property
    def is_in_line(self) -> bool:
        return self.state in self.IN_LINE

    @property
    def has_lapsed(self) -> bool:
        """Whether an offered place was not taken in time, recorded yet or not."""
        ends_at = self.offer_ends_at
        return self.state == self.State.LAPSED or bool(ends_at and ends_at <= timezone.now())

    @property
    def may_be_written_to(self) -> bool:
        """Only known after `with_reach`."""
        return bool(getattr(self, "in_reach", False))

    @property
    def came(self) -> bool | None:
        """Whether they came; None until they have a mark."""
        return self.attendance in self.CAME if self.attendance else None
