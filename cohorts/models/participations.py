"""A person's dated time in a cohort, and the changes that led to its current state."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from cohorts.models.cohorts import Cohort
from cohorts.models.people import Person
from dlp.fields import DateRange


class DayAfter(Func):
    """The day after a date; NULL after NULL."""

    template = "(CAST(%(expressions)s AS date) + 1)"
    output_field = models.DateField()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Person) -> ParticipationQuerySet:
        """Staff see all; a participant sees their own."""
        if user.is_staff:
            return self
        return self.filter(person=user)

    def held_on(self, day: date) -> ParticipationQuerySet:
        """Participations whose time, first and last day included, covers this day."""
        return self.filter(
            Q(held_to=None) | Q(held_to__gte=day),
            starts_on__lte=day,
            state__in=Participation.HELD_STATES,
        )

    def current(self) -> ParticipationQuerySet:
        """People who are on the programme or about to be: accepted, active or deferred."""
        return self.filter(state__in=Participation.CURRENT_STATES)

    def expected(self) -> ParticipationQuerySet:
        """People who are expected at sessions: not the deferred, who get no reminders."""
        return self.filter(state__in=Participation.EXPECTED_STATES)

    def counted_by_cohort(self) -> Coalesce:
        """How many of these are in each cohort, as an annotation for cohorts."""
        of_cohort = self.filter(cohort=OuterRef("pk")).order_by().values("cohort")
        return Coalesce(Subquery(of_cohort.annotate(number=Count("pk")).values("number")), Value(0))

    def away(self) -> ParticipationQuerySet:
        """Participations of people who get no letters: deferred, or withdrawn for good.

        People who came back, or completed in a later participation, are not among them.
        """
        came_back = Q(state__in=Participation.CURRENT_STATES) | Q(
            state=Participation.State.COMPLETED, starts_on__gt=OuterRef("starts_on")
        )
        back = Participation.objects.filter(came_back, person=OuterRef("person"))
        return self.filter(
            Q(state=Participation.State.DEFERRED)
            | (Q(state=Participation.State.WITHDRAWN) & ~Exists(back))
        )

    def with_deferral(self, day: date) -> ParticipationQuerySet:
        """Annotate the deferred with `deferred_on`, `back_on` and `review_on` as of a day.

        All three are None for everybody else.
        """
        steps = ParticipationChange.objects.of_deferral().filter(
            participation=OuterRef("pk"), effective_on__lte=day
        )
        began = steps.filter(kind=ParticipationChange.Kind.DEFERRED)

        def of_deferred(rows: ParticipationChangeQuerySet, name: str) -> Case:
            return Case(
                When(state=Participation.State.DEFERRED, then=Subquery(rows.values(name)[:1]))
            )

        return self.annotate(
            deferred_on=of_deferred(began, "effective_on"),
            back_on=of_deferred(steps, "expected_return_on"),
            review_on=of_deferred(steps, "review_on"),
        )

    def with_steps(self) -> ParticipationQuerySet:
        """Prefetch the changes in force, in the order in which they count, for `standing.as_of`."""
        steps = ParticipationChange.objects.in_force().filter(participation=OuterRef("pk"))
        in_order = steps.order_by("effective_on", "recorded_at", "pk")
        told = JSONObject(kind="kind", effective_on="effective_on")
        return self.annotate(known_steps=ArraySubquery(in_order.values(told=told)))

    def for_display(self) -> ParticipationQuerySet:
        return self.select_related("person", "cohort")


@pghistory.track()
class Participation(models.Model):
    """One person's time in one cohort.

    A participation that ended before it began was never held: its last day is the day before the
    first. `state`, `starts_on`, `held_to` and `expected_end_on` are what the changes add up to
    today; only `cohorts.operations.participations` writes them.
    """

    class State(models.TextChoices):
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        ACTIVE = "active", "Active"
        DEFERRED = "deferred", "Deferred"
        COMPLETED = "completed", "Completed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        TRANSFERRED = "transferred", "Transferred"
        DECLINED = "declined", "Declined"

    HELD_STATES = frozenset(set(State) - {State.OFFERED, State.DECLINED})
    CURRENT_STATES = frozenset({State.ACCEPTED, State.ACTIVE, State.DEFERRED})
    EXPECTED_STATES = frozenset({State.ACCEPTED, State.ACTIVE})

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations"
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="participations")
    state = models.CharField(max_length=20, choices=State, default=State.ACCEPTED, editable=False)
    starts_on = models.DateField("first day")
    expected_end_on = models.DateField("expected last day")
    held_to = models.DateField(
        "last day", null=True, blank=True, editable=False, help_text="Empty while it goes on."
    )
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="continued_by"
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        indexes = [
            models.Index(fields=["cohort", "state"], name="participation_cohort_state"),
            models.Index(fields=["state", "person"], name="participation_state_person"),
            models.Index(
                fields=["id"],
                include=["held_to"],
                name="participation_ended",
                condition=Q(held_to__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_to=None) | Q(starts_on__lte=DayAfter("held_to")),
                name="participation_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(expected_end_on__gte=F("starts_on")),
                name="participation_expected_end_in_order",
                violation_error_message="The expected last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["completed", "withdrawn", "transferred"], held_to__isnull=False
                )
                | (~Q(state__in=["completed", "withdrawn", "transferred"]) & Q(held_to=None)),
                name="participation_end_is_whole",
                violation_error_message="Time in a cohort has a last day exactly when it has ended.",
            ),
            ExclusionConstraint(
                name="participation_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", DayAfter("held_to")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state__in=["offered", "declined"]),
                violation_error_message="This person is in a cohort already on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.cohort}"

    @property
    def is_current(self) -> bool:
        return self.state in self.CURRENT_STATES

    @property
    def is_expected(self) -> bool:
        return self.state in self.EXPECTED_STATES

    @property
    def is_deferred(self) -> bool:
        return self.state == self.State.DEFERRED


class ParticipationChangeQuerySet(models.QuerySet["ParticipationChange"]):
    def visible_to(self, user: Person) -> ParticipationChangeQuerySet:
        """Staff see every change, a participant their own; the private note has a rule of its own."""
        if user.is_staff:
            return self
        return self.filter(participation__person=user)

    def in_force(self) -> ParticipationChangeQuerySet:
        """Without changes that were undone, and without their undoing."""
        return self.filter(undoes=None, undone_by=None)

    def of_deferral(self) -> ParticipationChangeQuerySet:
        """The changes in force that set how long somebody is away, the latest first."""
        steps = self.in_force().filter(kind__in=ParticipationChange.OF_DEFERRAL)
        return steps.order_by("-effective_on", "-recorded_at")


SAYS_HOW_IT_STOOD = pgtrigger.Trigger(
    name="completion_says_how_it_stood",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(new__kind="completed", new__undoes_id__isnull=True),
    func="""
        IF NOT EXISTS (SELECT FROM cohorts_completion WHERE change_id = NEW.id) THEN
            RAISE EXCEPTION 'a completion keeps what it took: there is no row for change %', NEW.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)
"""Checked when the transaction ends: every completion has a row of Completion."""


class ParticipationChange(models.Model):
    """One step in a participation's life. Rows are added, never altered; one row may undo another."""

    class Kind(models.TextChoices):
        OFFERED = "offered", "Offered a place"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined the place"
        STARTED = "started", "Started"
        DEFERRED = "deferred", "Deferred"
        REVIEWED = "reviewed", "Deferral looked at again"
        RESUMED = "resumed", "Resumed"
        TRANSFERRED = "transferred", "Transferred to another cohort"
        COMPLETED = "completed", "Completed"
        WITHDRAWN = "withdrawn", "Withdrew"
        REINSTATED = "reinstated", "Reinstated"

    class Reason(models.TextChoices):
        BEREAVEMENT = "bereavement", "Bereavement"
        LONG_TERM_SICKNESS = "long_term_sickness", "Long-term sickness"
        PARENTAL_LEAVE = "parental_leave", "Parental leave"
        CAREER_BREAK = "career_break", "Career break"
        PLACEMENT_ENDED = "placement_ended", "The school ended the placement"
        LEFT_PROFESSION = "left_profession", "Left the profession"
        OTHER = "other", "Other"

    OF_DEFERRAL = frozenset({Kind.DEFERRED, Kind.REVIEWED})

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=Kind)
    effective_on = models.DateField("from", help_text="The first day on which it counts.")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=30, choices=Reason, blank=True)
    note_private = models.TextField("private note", blank=True)
    to_cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="to which cohort",
    )
    expected_return_on = models.DateField("expected back", null=True, blank=True)
    review_on = models.DateField("look again on", null=True, blank=True)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    objects = ParticipationChangeQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "recorded_at", "pk"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="participation_change_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            SAYS_HOW_IT_STOOD,
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["deferred", "withdrawn"])
                | ~Q(reason="")
                | Q(undoes__isnull=False),
                name="participation_change_gives_its_reason",
                violation_error_message="Choose the reason: a deferral or a withdrawal has one.",
            ),
            models.CheckConstraint(
                condition=Q(kind="transferred", to_cohort__isnull=False)
                | (~Q(kind="transferred") & Q(to_cohort=None)),
                name="participation_change_says_where_to",
                violation_error_message="A transfer, and nothing else, names another cohort.",
            ),
            models.CheckConstraint(
                condition=Q(expected_return_on=None) | Q(expected_return_on__gt=F("effective_on")),
                name="participation_change_return_in_order",
                violation_error_message="The expected return must come after the deferral begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.effective_on:%-d %B %Y}"
