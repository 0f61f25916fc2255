"""Sessions: when people meet."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from cohorts.models import Cohort, Person
from dlp.audit.joins import ADDED_AND_TAKEN_AWAY
from dlp.calendar import instant, instant_or_nearest
from dlp.fields import WebAddressField
from dlp.http import addresses
from dlp.prepared import SOME_TIME, SOMEBODY, Prepared
from training.models.community import SignUp, may_sign_up
from training.models.courses import Course, Kind, Venue
from training.models.series import Series
from training.models.supervision import SupervisionGroup

__all__ = ["LONGEST", "Kind", "Mode", "Phase", "Session"]

COUNTED = {
    "coming_count": Q(state="coming"),
    "unanswered_count": Q(state="invited"),
    "away_count": Q(state="not_coming"),
    "came_count": Q(attendance__in=["present", "late", "left_early", "online"]),
    "marked_count": ~Q(attendance=""),
}
LONGEST = timedelta(days=31)
"""No session is longer, so that finding current ones reads no older rows."""


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "In person or online"


class Phase(models.TextChoices):
    """What a session is at the moment; draft, published, postponed and cancelled are stored."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"
    FULL = "full", "Full"
    RUNNING = "running", "Running"
    REGISTER_DUE = "register_due", "Register due"
    DONE = "done", "Held"


def place_of(mode: str, venue_name: str) -> str:
    """Where a session like that is, in words."""
    return "online" if mode == Mode.ONLINE else venue_name or "place to be confirmed"


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Person, moment: datetime | None = None) -> SessionQuerySet:
        """Staff see all; others their own sessions, and those open for them to sign up.

        School leads learn when a leader is out from `Booking`, not from the session. The moment is
        now, unless a prepared query passes another `moment` of today.
        """
        if user.is_staff:
            return self
        now = moment or timezone.now()
        keys = _seen_by_anybody(timezone.localdate()).among({SOMEBODY: user.pk, SOME_TIME: now})
        return self.filter(pk__in=keys).exclude(state=Session.State.DRAFT)

    def open_to(self, person: Person) -> SessionQuerySet:
        """Published future sessions that this person may sign up for."""
        return _open_to(person, timezone.now())

    def published(self) -> SessionQuerySet:
        return self.filter(state=Session.State.PUBLISHED)

    def starting_between(self, first: datetime, last: datetime) -> SessionQuerySet:
        """Sessions that start at or after `first` and before `last`."""
        return self.filter(starts_at__gte=first, starts_at__lt=last)

    def on_days(self, first: date, last: date) -> SessionQuerySet:
        """Sessions on any of these days, first and last included, the soonest first."""
        begun = instant_or_nearest(first, time.min) - LONGEST
        ended = instant_or_nearest(last + timedelta(days=1), time.min)
        return self.starting_between(begun, ended).filter(ends_on__gte=first)

    def to_come(self, moment: datetime) -> SessionQuerySet:
        """Sessions not over at this moment, including current ones, the soonest first."""
        return self.filter(ends_at__gte=moment, starts_at__gte=moment - LONGEST)

    def ended_before(self, moment: datetime | Now) -> SessionQuerySet:
        return self.filter(ends_at__lt=moment)

    def register_due(self, moment: datetime | Now) -> SessionQuerySet:
        """Sessions that took place and whose register is not closed."""
        return self.published().ended_before(moment).filter(register_closed_at=None)

    def mine(self, person: Person) -> SessionQuerySet:
        """Sessions this person is booked on, leads or supervises, without drafts."""
        return self.filter(pk__in=_keys_of(person)).exclude(state=Session.State.DRAFT)

    def concerning(self, person: Person) -> SessionQuerySet:
        """Their own sessions, and those of cohorts they coordinate; drafts included."""
        cohorts = Session.cohorts.through.objects.filter(cohort__coordinator=person).order_by()
        theirs = _keys_of(person).union(cohorts.values("session"), all=True)
        return self.filter(pk__in=theirs)

    def led_by(self, person: Person) -> SessionQuerySet:
        """Sessions this person leads or whose group they supervise, drafts included."""
        leading, supervised = _led_by(person)
        return self.filter(pk__in=leading.union(supervised, all=True))

    def with_counts(self) -> SessionQuerySet:
        """Annotate how many people gave each answer and got each mark."""
        bookings = Session.bookings.rel.related_model._default_manager.filter(
            session=OuterRef("pk")
        )
        tally = bookings.order_by().values("session").annotate(number=Count("pk"))
        counted: SessionQuerySet = self.annotate(
            **{
                name: Coalesce(Subquery(tally.filter(rows).values("number")), Value(0))
                for name, rows in COUNTED.items()
            },
        )
        return counted

    def for_display(self) -> SessionQuerySet:
        return self.select_related("venue", "group__supervisor", "course", "series")


@lru_cache(maxsize=2)
def _seen_by_anybody(day: date) -> Prepared:
    """The keys of somebody's own sessions and those open to them, as a prepared query for a day."""
    somebody = Person(pk=SOMEBODY)
    presents = Session.presenters.rel.related_model._default_manager.filter(person=somebody)
    keys = _keys_of(somebody).union(
        _open_to(somebody, SOME_TIME).order_by().values("pk"),
        presents.order_by().values("session"),
        all=True,
    )
    return Prepared(keys)


def _open_to(person: Person, moment: datetime) -> SessionQuerySet:
    ahead = Session.objects.published().filter(starts_at__gt=moment)
    return ahead.filter(may_sign_up(person, Session.cohorts.through.objects.all()))


def _keys_of(person: Person) -> QuerySet[Any, Any]:
    """The sessions that this person is booked on, leads or supervises."""
    bookings = Session.bookings.rel.related_model._default_manager.filter(person=person)
    booked = bookings.exclude(state="withdrawn").order_by().values("session")
    return booked.union(*_led_by(person), all=True)


def _led_by(person: Person) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """The sessions this person leads, and those they supervise, each found by its index.

    The caller joins them as a union: a condition with OR would read every session.
    """
    leading = Session.facilitators.through.objects.filter(person=person).order_by()
    supervised = Session.objects.filter(group__supervisor=person).order_by()
    return leading.values("session"), supervised.values("pk")


@pghistory.track(
    meta={
        "indexes": [models.Index(fields=["pgh_created_at"], name="session_event_at")],
    }
)
class Session(models.Model):
    """People meeting at a time: at a place, online, or both.

    The local times entered are the source; `set_instants` derives `starts_at` and `ends_at`. What
    people are told is numbered: `revision` rises when the time, the place, or whether it takes
    place changes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        POSTPONED = "postponed", "Postponed"
        CANCELLED = "cancelled", "Cancelled"

    CALLED_OFF = frozenset({State.CANCELLED, State.POSTPONED})

    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    summary = models.TextField("what it is, and what to bring", blank=True)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, editable=False, related_name="sessions"
    )
    group = models.ForeignKey(
        SupervisionGroup, models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="sessions")
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="facilitated_sessions"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    starts_on = models.DateField("date")
    starts_time = models.TimeField("from")
    ends_on = models.DateField("last date")
    ends_time = models.TimeField("until")
    in_second_hour = models.BooleanField(
        "after the clocks go back",
        null=True,
        blank=True,
        help_text="Asked only where the time happens twice that night.",
    )
    tz = models.CharField("time zone", max_length=40, default="Europe/London", editable=False)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.IN_PERSON)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="sessions")
    venue_name = models.CharField(max_length=200, blank=True, editable=False)
    join_link = WebAddressField(
        "link to join",
        blank=True,
        help_text="Shown to people who are coming, from 24 hours before.",
    )
    capacity = models.PositiveSmallIntegerField("places", null=True, blank=True)
    sign_up = models.CharField(
        "who may sign up", max_length=10, choices=SignUp, default=SignUp.INVITED
    )
    first_come_at = models.DateTimeField(
        "when a free place became anybody's", null=True, blank=True, editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    ics_uid = models.UUIDField("name in calendars", default=uuid.uuid4, unique=True, editable=False)
    ics_sequence = models.PositiveIntegerField("version in calendars", default=0, editable=False)
    cancelled_reason = models.CharField("why", max_length=200, blank=True, editable=False)
    register_closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    register_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["starts_at", "id"], include=["ends_at"], name="session_start"),
            models.Index(fields=["state", "starts_at"], name="session_state_start"),
            models.Index(
                fields=["group", "starts_at"],
                name="session_group_start",
                condition=Q(group__isnull=False) & ~Q(state="cancelled"),
            ),
            models.Index(
                fields=["starts_at"],
                name="session_sign_up",
                condition=Q(state="published") & ~Q(sign_up="invited"),
            ),
            models.Index(
                fields=["ends_at"],
                name="session_register_open",
                condition=Q(state="published", register_closed_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message="The session must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST),
                name="session_within_a_month",
                violation_error_message="A session lasts 31 days at most. Plan a series instead.",
            ),
            models.CheckConstraint(
                condition=Q(kind="supervision", group__isnull=False)
                | (~Q(kind="supervision") & Q(group=None)),
                name="session_supervision_has_a_group",
                violation_error_message="Choose the group: supervision has one, nothing else does.",
            ),
            models.CheckConstraint(
                condition=Q(mode="online") | Q(venue__isnull=False) | Q(state="draft"),
                name="session_in_person_has_a_venue",
                violation_error_message="Choose where people meet, or make it online.",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="session_has_a_place",
                violation_error_message="Leave the places empty for no limit, or write at least 1.",
            ),
            models.CheckConstraint(
                condition=Q(register_closed_at=None, register_closed_by=None)
                | Q(register_closed_at__isnull=False, register_closed_by__isnull=False),
                name="session_register_closing_is_whole",
                violation_error_message="A closed register records who closed it and when.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return addresses("training:session")(self.pk)

    def set_instants(self) -> None:
        """Compute `starts_at` and `ends_at` from the local times.

        Raises dlp.calendar.NoSuchTime, and TwoSuchTimes if `in_second_hour` is not answered.
        """
        self.starts_at = instant(self.starts_on, self.starts_time, second=self.in_second_hour)
        self.ends_at = instant(self.ends_on, self.ends_time, second=self.in_second_hour)

    @property
    def place(self) -> str:
        """Where it is, in words; a past session keeps the venue's name of the time."""
        return place_of(self.mode, self.venue_name)

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def is_ahead(self) -> bool:
        """Whether it will take place and has not begun."""
        return self.state == self.State.PUBLISHED and not self.has_begun

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def phase(self) -> Phase:
        """The state as it follows from bookings, the clock and the register.

        Whether it is full is only known after `with_counts`.
        """
        if self.state != self.State.PUBLISHED:
            return Phase(self.state)
        if self.is_over:
            return Phase.DONE if self.register_closed_at else Phase.REGISTER_DUE
        if self.has_begun:
            return Phase.RUNNING
        if self.capacity and getattr(self, "coming_count", 0) >= self.capacity:
            return Phase.FULL
        return Phase.PUBLISHED

    def get_phase_display(self) -> str:
        return self.phase.label

    @property
    def phase_outside(self) -> Phase:
        """The phase for people who do not take registers: once over, it was held."""
        return Phase.DONE if self.phase == Phase.REGISTER_DUE else self.phase

    def get_phase_outside_display(self) -> str:
        return self.phase_outside.label

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@pghistory.track(*ADDED_AND_TAKEN_AWAY, obj_field=None)
class SessionCohort(Session.cohorts.through):  # type: ignore[name-defined,misc]
    """The cohorts of a session, tracked so that history says since when."""

    class Meta:
        proxy = True


@pghistory.track(*ADDED_AND_TAKEN_AWAY, obj_field=None)
class SessionFacilitator(Session.facilitators.through):  # type: ignore[name-defined,misc]
    """The facilitators of a session, tracked so that history says since when."""

    class Meta:
        proxy = True
