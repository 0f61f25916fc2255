"""Attention lines about placements before their first day: answers, checks, withdrawn openings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from cohorts.names import name_of
from dlp import words
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, plain_day
from placements.attention.facts import AREA, of_opening, of_placement
from placements.models import Acceptance, Check, Opening, Placement, PlacementChange, SchoolContact
from placements.models.openings import RoleTitle
from placements.offers import REACHED
from placements.permissions import DECIDING_ROLES

ANSWER_WITHIN = timedelta(days=7)
CHECKS_NOTICE = timedelta(days=14)
TAKEN_BACK_FOR = timedelta(days=14)
State = Placement.State
NO_ANSWER = {
    (): "Neither side has",
    ("leader",): "The school has not",
    ("school",): "The leader has not",
}


def matters(today: date) -> list[Matter]:
    return [
        offers_without_an_answer(today),
        checks_outstanding(today),
        openings_taken_back(today),
    ]


def offers_without_an_answer(today: date) -> Matter:
    """Offers unanswered for a week; at once if nobody at the school can be written to."""
    offered = PlacementChange.objects.filter(placement=OuterRef("pk"), state=State.OFFERED)
    lately = offered.filter(recorded_at__date__gt=today - ANSWER_WITHIN)
    deciders = SchoolContact.objects.current_on(today).filter(
        REACHED, school=OuterRef("school"), role__in=DECIDING_ROLES
    )
    given = Acceptance.objects.standing().filter(placement=OuterRef("pk"))
    waiting = (
        Placement.objects.filter(state=State.OFFERED)
        .annotate(can_ask=Exists(deciders))
        .filter(Exists(offered) & ~Exists(lately) | Q(can_ask=False))
        .order_by("starts_on")
    )

    def line(one: Any) -> Line:
        nobody = "" if one.can_ask else " No host lead or head of it can be written to: ring them."
        return Line(
            key=f"placement-offer:{one.pk}:{len(one.said)}",
            sign="due",
            title=f"{name_of(one.leader)} and {one.host}: no answer yet",
            detail=f"{NO_ANSWER.get(tuple(one.said), 'Neither side has')} answered the offer. It "
            f"begins on {plain_day(one.starts_on)}.{nobody}",
            url=addresses("home:placement")(one.pk),
            action="Look at the offer",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        starts_on="starts_on",
        can_ask="can_ask",
        said=ArraySubquery(given.order_by("side").values("side")),
    )
    return Matter(waiting, facts, line)


def checks_outstanding(today: date) -> Matter:
    """Checks still missing a fortnight before a first day; after it, the placement cannot begin."""
    left = Check.objects.filter(placement=OuterRef("pk")).outstanding().order_by()
    number = left.values("placement").annotate(number=Count("pk")).values("number")
    waiting = (
        Placement.objects.filter(
            state__in=[State.ACCEPTED, State.CONFIRMED], starts_on__lte=today + CHECKS_NOTICE
        )
        .annotate(left=Subquery(number))
        .filter(left__gt=0)
        .order_by("starts_on")
    )

    def line(one: Any) -> Line:
        is_late = one.starts_on <= today
        lacking = words.count(one.left, "check")
        verb = "is" if one.left == 1 else "are"
        day = f"{plain_day(one.starts_on)}, {from_today(one.starts_on, today=today)}"
        return Line(
            key=f"placement-checks:{one.pk}:{'late' if is_late else 'ahead'}",
            sign="bad" if is_late else "due",
            title=f"{name_of(one.leader)} cannot begin at {one.host} yet"
            if is_late
            else f"{lacking} for {name_of(one.leader)} {verb} not confirmed",
            detail=f"The first day was {day}. {lacking.capitalize()} {verb} not confirmed."
            if is_late
            else f"The first day at {one.host} is {day}.",
            url=addresses("home:placement")(one.pk),
            action="Look at the checks",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        starts_on="starts_on",
        left="left",
    )
    return Matter(waiting, facts, line)


def openings_taken_back(today: date) -> Matter:
    """Openings that a school withdrew by itself, for a fortnight."""
    taken = Opening.objects.filter(
        state=Opening.State.WITHDRAWN,
        withdrawn_by_school=True,
        withdrawn_on__gt=today - TAKEN_BACK_FOR,
    ).order_by("-withdrawn_on", "pk")

    def line(one: Any) -> Line:
        return Line(
            key=f"opening-taken-back:{one.pk}",
            sign="soon",
            title=f"{one.school} took an opening back",
            detail=f"{RoleTitle(one.role_title).label}, {one.cohort}, on "
            f"{plain_day(one.withdrawn_on)}.",
            url=addresses("home:school")(one.school_id),
            action="Look at the school",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_opening(school_id="school_id", withdrawn_on="withdrawn_on")
    return Matter(taken, facts, line)
