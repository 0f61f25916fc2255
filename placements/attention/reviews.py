"""Attention lines about placement reviews: overdue ones, and corrections that leaders ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from cohorts.models import Cohort
from cohorts.names import name_facts, name_of
from dlp import words
from dlp.attention import Line, Matter, owned_by
from dlp.facts import row
from dlp.http import addresses
from dlp.words import plain_day
from placements.attention.facts import AREA
from placements.models import Review
from placements.reviews import OVERDUE_AFTER, asked_for


def matters(today: date) -> list[Matter]:
    return [overdue(today), to_put_right()]


def overdue(today: date) -> Matter:
    """Reviews overdue by a fortnight or more: one line a cohort (R-PLC-04)."""
    late = asked_for().filter(due_on__lt=today - OVERDUE_AFTER)
    cohorts = Cohort.objects.filter(pk__in=late.order_by().values("participation__cohort"))
    told = JSONObject(
        key="pk",
        title="title",
        placement="placement_id",
        due_on="due_on",
        name=name_facts("participation__person__"),
    )
    of_cohort = late.filter(participation__cohort=OuterRef("pk")).order_by("due_on", "pk")
    facts = JSONObject(
        pk="pk",
        name="name",
        owner="coordinator_id",
        late=ArraySubquery(of_cohort.values(told=told)),
    )

    def line(cohort: Any) -> Line:
        return _one(cohort) if len(cohort.late) == 1 else _many(cohort)

    return Matter(cohorts, facts, line)


def _one(cohort: Any) -> Line:
    late = row(cohort.late[0])
    return Line(
        key=f"review-overdue:{late.key}",
        sign="due",
        title=f"{late.title} with {name_of(late.name)} is overdue",
        detail=f"{cohort.name}. It was due on {plain_day(late.due_on)}.",
        url=addresses("home:placement")(late.placement),
        action="Look at the placement",
        area=AREA,
        owners=owned_by(cohort.owner),
    )


def _many(cohort: Any) -> Line:
    names = list(dict.fromkeys(name_of(late["name"]) for late in cohort.late))
    return Line(
        key=f"reviews-overdue:{cohort.pk}:{len(cohort.late)}",
        sign="due",
        title=f"{words.count(len(cohort.late), 'placement review')} are overdue",
        detail=f"{cohort.name}: {words.named(names)}.",
        url=addresses("cohorts:board")(cohort.pk),
        action="Look at the progress",
        area=AREA,
        owners=owned_by(cohort.owner),
    )


def to_put_right() -> Matter:
    """Reviews that a leader wants corrected, until somebody does."""
    asked = Review.objects.filter(state=Review.State.QUERIED).order_by("answered_at")

    def line(one: Any) -> Line:
        return Line(
            key=f"review-queried:{one.pk}:{one.answered_at:%Y%m%d%H%M}",
            sign="due",
            title=f"{name_of(one.leader)} asks to put a review right",
            detail=f"{one.review} at {one.host}, held on {plain_day(one.held_on)}.",
            url=addresses("placements:review")(one.pk),
            action="Look at the review",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        leader=name_facts("placement__participation__person__"),
        owner="placement__participation__cohort__coordinator_id",
        review="requirement__name",
        host="placement__host_name",
        held_on="held_on",
        answered_at="answered_at",
    )
    return Matter(asked, facts, line)
