"""Which school became which."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Case, F, Q, When

from cohorts.models import Person
from placements.models.schools import School, SchoolQuerySet


class SchoolLinkQuerySet(models.QuerySet["SchoolLink"]):
    def visible_to(self, user: Person) -> SchoolLinkQuerySet:
        return self.filter(school__in=School.objects.visible_to(user))

    def onward_from(self, school: School | models.OuterRef) -> SchoolLinkQuerySet:
        """Links from a school to its successors, recorded on either of them."""
        said_by_itself = Q(school=school, kind=SchoolLink.Kind.SUCCESSOR)
        said_by_them = Q(other=school, kind=SchoolLink.Kind.PREDECESSOR)
        return self.filter(said_by_itself | said_by_them)

    def successors_of(self, school: School) -> SchoolQuerySet:
        """The successors of a school: usually one, several if it was split."""
        successor = Case(When(kind=SchoolLink.Kind.SUCCESSOR, then="other"), default="school")
        links = self.onward_from(school).values(successor=successor)
        return School.objects.filter(pk__in=links)


@pghistory.track()
class SchoolLink(models.Model):
    """What became of a school: one row from the school to its successor or predecessor."""

    class Kind(models.TextChoices):
        SUCCESSOR = "successor", "Successor"
        PREDECESSOR = "predecessor", "Predecessor"

    school = models.ForeignKey(School, models.CASCADE, related_name="links")
    other = models.ForeignKey(School, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=15, choices=Kind)
    established_on = models.DateField(null=True, blank=True)

    objects = SchoolLinkQuerySet.as_manager()

    class Meta:
        ordering = ["established_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "other", "kind"],
                name="school_link_once",
                violation_error_message="These two schools are linked like this already.",
            ),
            models.CheckConstraint(
                condition=~Q(school=F("other")),
                name="school_link_to_another",
                violation_error_message="A school cannot follow itself. Choose another one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.other}"
