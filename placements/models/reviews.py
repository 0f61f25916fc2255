"""Placement reviews: what a leader and their host looked at together, and what they agreed (R-PLC-04)."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person, Requirement
from placements.models.placements import Placement


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Person) -> ReviewQuerySet:
        """Staff see all; the leader and the school's leads see those that stand (R-PLC-05)."""
        if user.is_staff:
            return self
        return self.standing().filter(placement__in=Placement.objects.visible_to(user))

    def standing(self) -> ReviewQuerySet:
        """Without those that were taken back."""
        return self.exclude(state=Review.State.TAKEN_BACK)

    def for_display(self) -> ReviewQuerySet:
        return self.select_related(
            "placement__participation__person",
            "placement__participation__cohort",
            "placement__school",
            "requirement",
            "written_by",
            "settled_by",
        )


@pghistory.track()
class Review(models.Model):
    """A review that was held: written up by host or programme, confirmed by the leader.

    One that is still due has no row: it is an open item of the leader's plan, with that item's day.
    Only `placements.operations.reviews` writes these, and reports them to the plan.
    """

    class State(models.TextChoices):
        WITH_LEADER = "with_leader", "With the leader"
        QUERIED = "queried", "To be put right"
        AGREED = "agreed", "Agreed"
        CLOSED = "closed", "Closed without the leader"
        TAKEN_BACK = "taken_back", "Taken back"

    SETTLED_STATES = (State.CLOSED, State.TAKEN_BACK)

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="reviews")
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="+", verbose_name="which review"
    )
    held_on = models.DateField("held on")
    present = models.CharField("who was there", max_length=300)
    summary = models.TextField("what was agreed", max_length=4_000)
    state = models.CharField(
        max_length=20, choices=State, default=State.WITH_LEADER, editable=False
    )
    query = models.TextField("what the leader wants put right", max_length=1_000, blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    written_at = models.DateTimeField("written", default=timezone.now, editable=False)
    reason = models.CharField("reason it was closed or taken back", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="closed or taken back by",
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "requirement", "held_on"],
                condition=~Q(state="taken_back"),
                name="review_once_a_day",
                violation_error_message="This review is written down already for that day.",
            ),
            models.CheckConstraint(
                condition=~Q(present="") & ~Q(summary=""),
                name="review_says_who_and_what",
                violation_error_message="Say who was there and what was agreed.",
            ),
            models.CheckConstraint(
                condition=~Q(state="queried") | ~Q(query=""),
                name="review_query_says_what",
                violation_error_message="Say what is to be put right.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "queried"]) | Q(answered_at__isnull=False),
                name="review_answer_has_its_time",
                violation_error_message="What the leader answered has its time.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "taken_back"], settled_by__isnull=False)
                & ~Q(reason="")
                | ~Q(state__in=["closed", "taken_back"]) & Q(settled_by=None, reason=""),
                name="review_settled_with_a_reason",
                violation_error_message="What is closed or taken back has a reason, and nothing else has one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}, {self.held_on:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("placements:review", args=[self.pk])

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED_STATES
