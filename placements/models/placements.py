"""Who is placed where, from the first day to the last, and each change of that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Min, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.models.strands import Strand
from dlp.fields import DateRange
from placements.models.openings import Opening, RoleTitle
from placements.models.schools import SHOWN_PLACEMENT_STATES, School, SchoolContact, Setting
from placements.names import HostName, host_name


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Person) -> PlacementQuerySet:
        """Staff see all; once offered, participants see their own and school leads their school's."""
        if user.is_staff:
            return self
        return self.filter(
            Q(participation__person=user)
            | Q(school__in=SchoolContact.objects.schools_led_by(user)),
            state__in=SHOWN_PLACEMENT_STATES,
        )

    def held(self) -> PlacementQuerySet:
        """Placements that stand.

        Worded as the condition of their partial index, so that counting reads the index alone.
        """
        return self.exclude(state__in=Placement.UNHELD_STATES)

    def held_on(self, day: date) -> PlacementQuerySet:
        """Placements that stand and include this day; first and last day count."""
        return self.held().filter(starts_on__lte=day, ends_on__gte=day)

    def for_display(self) -> PlacementQuerySet:
        return self.select_related(
            "participation__person", "participation__cohort", "school", "opening"
        )

    def first_days(self, participations: Collection[int]) -> dict[int, date]:
        """The first day of each participation's first placement: plans count from it."""
        standing = self.held().filter(participation__in=participations).order_by()
        days = standing.values("participation").annotate(day=Min("starts_on"))
        return dict(days.values_list("participation", "day"))

    def live(self) -> PlacementQuerySet:
        """Placements that have begun or are about to, and are not over."""
        return self.filter(state__in=Placement.LIVE_STATES)


@pghistory.track()
class Placement(models.Model):
    """One leader's time in one school, first and last day included.

    The host's name and setting are kept as they were (R-SCH-05). An early end moves `ends_on`, and
    the change that did so keeps the day agreed before.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        CONFIRMED = "confirmed", "Confirmed"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        COMPLETED = "completed", "Completed"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ENDED_EARLY = "ended_early", "Ended early"

    UNHELD_STATES = (State.PROPOSED, State.OFFERED, State.DECLINED, State.WITHDRAWN)
    HELD_STATES = frozenset(State) - frozenset(UNHELD_STATES)
    LIVE_STATES = frozenset({State.ACCEPTED, State.CONFIRMED, State.ACTIVE, State.PAUSED})
    OPEN_STATES = LIVE_STATES | {State.PROPOSED, State.OFFERED}
    """Those that are not over, and did not come to nothing."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="placements")
    school = models.ForeignKey(School, models.PROTECT, related_name="placements")
    opening = models.ForeignKey(
        Opening, models.PROTECT, null=True, blank=True, related_name="placements"
    )
    role_title = models.CharField(
        "role", max_length=30, choices=RoleTitle, default=RoleTitle.ASSOCIATE_LEADER
    )
    is_slt = models.BooleanField("on the senior leadership team", default=True)
    strand = models.CharField(max_length=40, choices=Strand, blank=True)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED, editable=False)
    host_name = models.CharField(max_length=200, editable=False)
    host_setting = models.CharField(max_length=30, choices=Setting, editable=False)
    asking = models.PositiveSmallIntegerField(
        default=1,
        editable=False,
        help_text="How often both sides were asked: once more whenever its days change before they count.",
    )
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="continued_by"
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        indexes = [
            models.Index(fields=["school", "state"], name="placement_school_state"),
            models.Index(
                fields=["participation", "ends_on"],
                name="placement_live",
                condition=Q(state__in=["accepted", "confirmed", "active", "paused"]),
            ),
            models.Index(
                fields=["ends_on", "starts_on"],
                name="placement_held",
                condition=~Q(state__in=["proposed", "offered", "declined", "withdrawn"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="placement_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            ExclusionConstraint(
                name="placement_no_overlap",
                expressions=[
                    ("participation", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state__in=["proposed", "offered", "declined", "withdrawn"]),
                violation_error_message="This leader is placed already on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.person} at {self.host_name}"

    def get_absolute_url(self) -> str:
        return reverse("home:placement", args=[self.pk])

    @property
    def host(self) -> HostName:
        """What pages call the school."""
        return host_name(self.host_name, self.school.name, self.ends_on, timezone.localdate())

    @property
    def is_held(self) -> bool:
        return self.state in self.HELD_STATES


class PlacementChangeQuerySet(models.QuerySet["PlacementChange"]):
    def visible_to(self, user: Person) -> PlacementChangeQuerySet:
        if user.is_staff:
            return self
        return self.filter(placement__in=Placement.objects.visible_to(user))

    def of_days(self) -> PlacementChangeQuerySet:
        """Changes of a placement's days."""
        return self.filter(starts_on_before__isnull=False)

    def ending_early(self) -> PlacementChangeQuerySet:
        """Changes by which a placement ends early, unless its days changed since."""
        early = self.filter(state=Placement.State.ENDED_EARLY)
        return early.filter(ends_on_before__gt=F("placement__ends_on"))


LEAST_REASON = 20
"""Minimum letters of the reason to override a gate."""


class PlacementChange(models.Model):
    """One step in a placement's life. Rows are added, never altered.

    If a gate was overridden, `lacking` says what was missing and `override_reason` why it went
    ahead, on the word of whoever made the change. A change of days keeps the earlier days, and
    `because` why.
    """

    class Reason(models.TextChoices):
        SCHOOL = "school", "The school ended it"
        LEADER = "leader", "The leader ended it"
        PROGRAMME = "programme", "The programme ended it"
        OTHER = "other", "Other"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=20, choices=Placement.State)
    effective_on = models.DateField("from")
    starts_on_before = models.DateField("first day until then", null=True, blank=True)
    ends_on_before = models.DateField("last day until then", null=True, blank=True)
    because = models.TextField("why its days changed", max_length=1_000, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    moved_from = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The school until then, where the placement went on at the one that follows it.",
    )
    lacking = models.TextField("although", blank=True)
    override_reason = models.TextField("all the same because", max_length=1_000, blank=True)

    objects = PlacementChangeQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="placement_change_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "withdrawn", "ended_early"]) | ~Q(reason=""),
                name="placement_change_gives_its_reason",
                violation_error_message="Choose who decided it: whatever ends a placement says so.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on_before=None, because="") | ~Q(ends_on_before=None),
                name="placement_change_of_days_keeps_both",
                violation_error_message="A change of days keeps the first and the last day until then.",
            ),
            models.CheckConstraint(
                condition=Q(lacking="", override_reason="")
                | ~Q(lacking="")
                & Q(GreaterThanOrEqual(Length(Trim("override_reason")), LEAST_REASON)),
                name="placement_change_overrides_with_a_reason",
                violation_error_message=(
                    f"Where something is lacking, a reason of at least {LEAST_REASON} letters says "
                    f"why it goes on all the same."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} from {self.effective_on:%-d %B %Y}"
