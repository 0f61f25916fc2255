"""The plan of the two years: versions of it for everybody, and each participant's own dates."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from cohorts.models.participations import Participation
from cohorts.models.people import Person
from cohorts.models.requirements import Requirement, RequirementAttempt


class PlanTemplateQuerySet(models.QuerySet["PlanTemplate"]):
    def visible_to(self, user: Person) -> PlanTemplateQuerySet:
        """Staff see every plan; a participant only their own, which was made from one."""
        return self if user.is_staff else self.none()

    def published(self) -> PlanTemplateQuerySet:
        return self.filter(published_at__isnull=False)

    def with_counts(self) -> PlanTemplateQuerySet:
        """Annotate with the number of items, and of cohorts that follow it."""
        return self.annotate(
            item_count=Count("items", distinct=True), cohort_count=Count("cohorts", distinct=True)
        )

    def latest_of(self, name: str) -> PlanTemplate | None:
        """The newest published version of the plan with this name, if any."""
        return self.published().filter(name=name).order_by("-version").first()


@pghistory.track()
class PlanTemplate(models.Model):
    """One version of a plan.

    A published version never changes: the next version begins as its copy.
    """

    name = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "plan"
        ordering = ["name", "-version"]
        triggers = [
            pgtrigger.Protect(
                name="stands_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.published_at IS NOT NULL"),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                name="plan_template_version_once",
                violation_error_message="This version is here already.",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(published_at=None),
                name="plan_template_one_draft",
                violation_error_message="There is a draft of this plan already. Go on with that one.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & Q(version__gte=1),
                name="plan_template_is_named",
                violation_error_message="A plan has a name, and versions from 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:plan_template", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class TemplateItemQuerySet(models.QuerySet["TemplateItem"]):
    def visible_to(self, user: Person) -> TemplateItemQuerySet:
        return self if user.is_staff else self.none()


_REFUSE_IN_PUBLISHED = """
    IF EXISTS (
        SELECT 1 FROM cohorts_plantemplate
        WHERE id IN (OLD.template_id, NEW.template_id) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change the items of a published plan';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


@pghistory.track()
class TemplateItem(models.Model):
    """Something to do in a plan, and when: so long before or after a day in somebody's two years.

    Its key stays the same from version to version, so that a new version can say what moves.
    """

    class Anchor(models.TextChoices):
        COHORT_START = "cohort_start", "The first day on the programme"
        PLACEMENT_START = "placement_start", "The first day of the placement"
        YEAR2_START = "year2_start", "The first day of the second year"
        TERM_START = "term_start", "The first day of a term"

    class Unit(models.TextChoices):
        DAY = "day", "Days"
        SCHOOL_DAY = "school_day", "School days"
        WEEK = "week", "Weeks"
        TERM = "term", "Terms"

    class Season(models.TextChoices):
        AUTUMN = "autumn", "Autumn terms"
        SPRING = "spring", "Spring terms"
        SUMMER = "summer", "Summer terms"

    FARTHEST = 1_500

    template = models.ForeignKey(PlanTemplate, models.CASCADE, related_name="items")
    key = models.SlugField(max_length=40)
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="template_items")
    title = models.CharField(max_length=150)
    anchor = models.CharField("counted from", max_length=20, choices=Anchor)
    anchor_term = models.PositiveSmallIntegerField(
        "which term",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="1 is the term in which the programme begins. Only for the first day of a term.",
    )
    anchor_season = models.CharField(
        "which terms count",
        max_length=10,
        choices=Season,
        blank=True,
        help_text="For what belongs to a season, whenever the programme begins. Blank counts them all.",
    )
    offset = models.SmallIntegerField(
        "how long after",
        default=0,
        validators=[MinValueValidator(-FARTHEST), MaxValueValidator(FARTHEST)],
        help_text="Below nought for before. So many terms after is the end of the last of them.",
    )
    unit = models.CharField(max_length=20, choices=Unit, default=Unit.DAY)
    is_optional = models.BooleanField("optional", default=False)
    position = models.PositiveSmallIntegerField("place in the order", default=0)

    objects = TemplateItemQuerySet.as_manager()

    class Meta:
        verbose_name = "item of a plan"
        verbose_name_plural = "items of plans"
        ordering = ["position", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="stands_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_REFUSE_IN_PUBLISHED,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "key"],
                name="template_item_key_once",
                violation_error_message="Another item of this plan has this key.",
            ),
            models.CheckConstraint(
                condition=Q(
                    anchor="term_start", anchor_term__isnull=False, anchor_term__range=(1, 12)
                )
                | (~Q(anchor="term_start") & Q(anchor_term=None)),
                name="template_item_term_is_whole",
                violation_error_message="Say which term, from 1 to 12, where it is counted from one; else leave it out.",
            ),
            models.CheckConstraint(
                condition=Q(anchor="term_start") | Q(anchor_season=""),
                name="template_item_season_is_of_a_term",
                violation_error_message="Only what is counted from the first day of a term has a season.",
            ),
            models.CheckConstraint(
                condition=Q(offset__range=(-1_500, 1_500)),
                name="template_item_offset_in_reach",
                violation_error_message="Choose a length of at most 1,500, before or after.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def visible_to(self, user: Person) -> PlanItemQuerySet:
        """Staff see every plan, a participant their own."""
        if user.is_staff:
            return self
        return self.filter(participation__person=user)

    def for_display(self) -> PlanItemQuerySet:
        return self.select_related("requirement", "attempt__reported_by", "excused_by")


@pghistory.track(level=pghistory.Statement)
class PlanItem(models.Model):
    """Something one participant has to do by a day, and where they stand with it.

    The state is what the attempts at its requirement add up to, spread over its items in the order
    of their days; only `cohorts.operations` writes it. A day set by hand is pinned and stays. There
    is no day until it is known when the placement begins.
    """

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        BOOKED = "booked", "Booked"
        WAITING_FOR_YOU = "waiting_for_you", "Waiting for you"
        WAITING_FOR_US = "waiting_for_us", "Waiting for us"
        MET = "met", "Met"
        TO_REPEAT = "to_repeat", "To repeat"
        WAIVED = "waived", "Waived"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    EXCUSED_STATES = (State.WAIVED, State.NOT_APPLICABLE)
    DONE_STATES = frozenset({State.MET, State.WAIVED})

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="plan_items")
    template = models.ForeignKey(PlanTemplate, models.PROTECT, related_name="plan_items")
    key = models.SlugField(max_length=40, db_index=False)
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="plan_items")
    title = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField("place in the order", default=0)
    due_on = models.DateField("due", null=True, blank=True)
    is_pinned = models.BooleanField("day set by hand", default=False)
    is_optional = models.BooleanField("optional", default=False)
    state = models.CharField(max_length=20, choices=State, default=State.NOT_STARTED)
    attempt = models.ForeignKey(
        RequirementAttempt, models.PROTECT, null=True, blank=True, related_name="plan_items"
    )
    excuse = models.CharField("reason it need not be done", max_length=300, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    excused_at = models.DateTimeField(null=True, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["participation_id", F("due_on").asc(nulls_last=True), "position", "key"]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="plan_item_open",
                condition=~Q(state__in=["met", "waived", "not_applicable"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "key"],
                name="plan_item_key_once",
                violation_error_message="This plan has that item already.",
            ),
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(due_on__isnull=False),
                name="plan_item_pinned_to_a_day",
                violation_error_message="Choose the day to pin it to.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waived", "not_applicable"],
                    excused_by__isnull=False,
                    excused_at__isnull=False,
                )
                & ~Q(excuse="")
                | (
                    ~Q(state__in=["waived", "not_applicable"])
                    & Q(excuse="", excused_by=None, excused_at=None)
                ),
                name="plan_item_excuse_is_whole",
                violation_error_message="What need not be done has a reason, and nothing else has one.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["not_started", "waived", "not_applicable"], attempt__isnull=True
                )
                | (
                    ~Q(state__in=["not_started", "waived", "not_applicable"])
                    & Q(attempt__isnull=False)
                ),
                name="plan_item_rests_on_an_attempt",
                violation_error_message="What was begun rests on an attempt, and nothing else does.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cohorts:plan_item", args=[self.pk])

    @property
    def is_excused(self) -> bool:
        return self.state in self.EXCUSED_STATES

    def days_overdue(self, today: date) -> int:
        """How many days overdue it is; 0 if it is done or excused."""
        is_open = self.state not in (self.State.MET, *self.EXCUSED_STATES)
        return max(0, (today - self.due_on).days) if is_open and self.due_on else 0
