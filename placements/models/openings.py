"""Leadership posts that schools offer to a cohort."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Person
from cohorts.models.strands import Strand
from placements.models.schools import School


class RoleTitle(models.TextChoices):
    ASSOCIATE_LEADER = "associate_leader", "Associate Leader"
    ASSISTANT_HEADTEACHER = "assistant_headteacher", "Assistant Headteacher"
    DEPUTY_HEADTEACHER = "deputy_headteacher", "Deputy Headteacher"
    HEADTEACHER = "headteacher", "Headteacher"
    SENCO = "senco", "SENCO"
    OTHER = "other", "Other"


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, user: Person) -> OpeningQuerySet:
        """Staff see all, a school lead their own school's."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.led_by(user))

    def for_display(self) -> OpeningQuerySet:
        return self.select_related("school", "cohort")


@pghistory.track()
class Opening(models.Model):
    """A leadership post that a school offers to a cohort, for one or more people.

    How many leaders a school hosts at once, over all its openings, is set on the school.
    """

    Phase = Person.Phase

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        FILLED = "filled", "Filled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    school = models.ForeignKey(School, models.PROTECT, related_name="openings")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="openings")
    role_title = models.CharField(
        "role", max_length=30, choices=RoleTitle, default=RoleTitle.ASSOCIATE_LEADER
    )
    is_slt = models.BooleanField("on the senior leadership team", default=True)
    strand = models.CharField(max_length=40, choices=Strand, blank=True)
    phase_served = models.CharField("phase served", max_length=20, choices=Phase, blank=True)
    subjects = models.CharField(
        max_length=200, blank=True, help_text="Such as maths; several with commas between them."
    )
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    places = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    withdrawn_on = models.DateField("withdrawn", null=True, blank=True, editable=False)
    withdrawn_by_school = models.BooleanField(
        "withdrawn by the school", default=False, editable=False
    )
    essentials = models.TextField(
        "what they cannot do without", max_length=2_000, blank=True, help_text="Left out, nothing."
    )
    preferences = models.TextField("what they would like", max_length=2_000, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="opening_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="opening_has_a_place",
                violation_error_message="An opening has at least one place.",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(withdrawn_on=None, withdrawn_by_school=False),
                name="opening_withdrawn_on_a_day",
                violation_error_message="Only an opening that is withdrawn has a day for it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_title_display()} at {self.school}"
