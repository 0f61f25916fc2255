"""Completion criteria about placements and careers (R-PRG-05)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Exists, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, JSONObject

from cohorts.completion import Answer, Criterion
from dlp import words
from dlp.facts import row
from placements.models import Placement, Post, UnknownDestination


def register() -> None:
    from cohorts import completion

    completion.register(
        Criterion("placement", "Placement ended", 10, placement_facts, judge_placement)
    )
    completion.register(
        Criterion("destination", "Destination", 50, destination_facts, judge_destination)
    )


def placement_facts() -> Combinable:
    """The placement that has begun by the day and ends last, of those that stand."""
    held = Placement.objects.held().filter(
        participation__person=OuterRef("person"),
        starts_on__gte=OuterRef("began_on"),
        starts_on__lte=OuterRef("judged_on"),
    )
    last = held.order_by("-ends_on", "-pk")
    return Subquery(
        last.values(json=JSONObject(host="host_name", ends_on="ends_on", state="state"))[:1]
    )


def judge_placement(facts: dict[str, Any] | None, on: date) -> Answer:
    if facts is None:
        return Answer(False, "No placement.", "It counts once your placement has ended.")
    placed = row(facts)
    until = words.plain_day(placed.ends_on)
    if placed.ends_on > on:
        advice = f"Your placement at {placed.host} goes on until {until}."
        return Answer(False, f"Placement at {placed.host} goes on until {until}.", advice)
    if placed.state == Placement.State.ENDED_EARLY:
        return Answer(True, f"Placement at {placed.host} ended early, on {until}.")
    return Answer(True, f"Placement at {placed.host} until {until}.")


def destination_facts() -> Combinable:
    """The first post after the day; else whether it is recorded as not known."""
    after = Post.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("judged_on")),
        person=OuterRef("person"),
        starts_on__gt=OuterRef("began_on"),
    )
    post = JSONObject(title="title", at=Coalesce("school__name", "employer_name"))
    unknown = Exists(UnknownDestination.objects.filter(participation=OuterRef("pk")))
    return Coalesce(
        Subquery(after.order_by("starts_on", "pk").values(json=post)[:1]),
        Case(When(unknown, then=Value({}, JSONField()))),
    )


def judge_destination(facts: dict[str, str] | None, on: date) -> Answer:
    if facts is None:
        advice = "Tell the programme team what you do next, or that you do not know yet."
        return Answer(False, "No destination recorded.", advice)
    if not facts:
        return Answer(True, "Destination recorded as not known.")
    return Answer(True, f"Next post: {facts['title']}, {facts['at']}.")
