"""Attention lines about leaders: without a placement, placed too long, without a host lead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from cohorts.models import Cohort, Participation
from cohorts.names import name_facts, name_of
from dlp import words
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, plain_day
from placements.attention.facts import AREA, of_opening, of_placement
from placements.models import Opening, Placement, SchoolContact
from placements.models.openings import RoleTitle
from placements.reviews import OPEN_STATES, review_items

OPENING_NOTICE = timedelta(days=90)
HOST_LEAD_NOTICE = timedelta(days=14)
LEFT = {
    Participation.State.COMPLETED: "has completed",
    Participation.State.TRANSFERRED: "changed cohort",
    Participation.State.WITHDRAWN: "has withdrawn",
}


def matters(today: date) -> list[Matter]:
    return [
        placed_after_their_time(),
        without_host_lead(today),
        paused_beyond_their_end(today),
        openings_without_anybody(today),
        leaders_without_placement(today),
    ]


def placed_after_their_time() -> Matter:
    """Leaders who left their cohort for good and whose placement still runs."""
    left = Placement.objects.live().filter(
        participation__held_to__isnull=False, ends_on__gt=F("participation__held_to")
    )

    def line(one: Any) -> Line:
        is_elsewhere = one.state == Participation.State.TRANSFERRED
        then = "End it, and place them from their new cohort." if is_elsewhere else "End it."
        return Line(
            key=f"placement-left:{one.pk}",
            sign="due",
            title=f"{name_of(one.leader)} {LEFT[one.state]} and is still placed at {one.host}",
            detail=f"Their last day in {one.cohort} was {plain_day(one.left_on)}; "
            f"the placement runs until {plain_day(one.ends_on)}. {then}",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        cohort="participation__cohort__name",
        state="participation__state",
        left_on="participation__held_to",
        ends_on="ends_on",
    )
    return Matter(left, facts, line)


def without_host_lead(today: date) -> Matter:
    """Placements without a host lead that start, or have a review due, within a fortnight.

    Until there is one, letters to the host lead go to the coordinator.
    """
    soon = (today, today + HOST_LEAD_NOTICE)
    leads = SchoolContact.objects.current_on(today).filter(
        school=OuterRef("school"), role=SchoolContact.Role.HOST_LEAD
    )
    items = review_items().filter(
        participation=OuterRef("participation"), state__in=OPEN_STATES, due_on__range=soon
    )
    starting = Q(state=Placement.State.CONFIRMED, starts_on__range=soon)
    waiting = Placement.objects.filter(
        starting | Q(state=Placement.State.ACTIVE) & Exists(items), ~Exists(leads)
    ).order_by("starts_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"placement-host-lead:{one.pk}",
            sign="due",
            title=f"No host lead for {name_of(one.leader)}",
            detail=f"The first day at {one.host} is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}."
            if one.state == Placement.State.CONFIRMED
            else f"A review at {one.host} is near. Letters about it go to the coordinator instead.",
            url=addresses("placements:contact_add")(one.school_id),
            action="Add the host lead",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        school_id="school_id",
        starts_on="starts_on",
        state="state",
    )
    return Matter(waiting, facts, line)


def paused_beyond_their_end(today: date) -> Matter:
    over = Placement.objects.filter(state=Placement.State.PAUSED, ends_on__lt=today)

    def line(one: Any) -> Line:
        return Line(
            key=f"placement-paused:{one.pk}",
            sign="due",
            title=f"{name_of(one.leader)} is paused at {one.host}",
            detail=f"The last day was {plain_day(one.ends_on)}. Resume it, then complete it.",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        ends_on="ends_on",
    )
    return Matter(over, facts, line)


def openings_without_anybody(today: date) -> Matter:
    """Openings that begin soon, or have begun, with nobody placed or offered."""
    placed = Placement.objects.filter(
        opening=OuterRef("pk"), state__in=[*Placement.LIVE_STATES, Placement.State.OFFERED]
    )
    empty = Opening.objects.filter(
        ~Exists(placed),
        state=Opening.State.OPEN,
        starts_on__lte=today + OPENING_NOTICE,
        ends_on__gte=today,
    ).order_by("starts_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"opening-empty:{one.pk}",
            sign="due",
            title=f"Nobody is placed as {RoleTitle(one.role_title).label} at {one.school}",
            detail=f"{one.cohort}. The first day is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}.",
            url=addresses("placements:opening")(one.pk),
            action="See who could go",
            area=AREA,
            owners=owned_by(one.owner),
        )

    return Matter(empty, of_opening(starts_on="starts_on"), line)


def leaders_without_placement(today: date) -> Matter:
    """Active people of running cohorts without a placement now or ahead: one line a cohort."""
    live = Placement.objects.live().filter(ends_on__gte=today)
    without = Participation.objects.filter(
        ~Exists(live.filter(participation=OuterRef("pk"))),  # tells most, from an index alone
        ~Exists(live.filter(participation__person=OuterRef("person"))),
        state=Participation.State.ACTIVE,
    )
    cohorts = Cohort.objects.running_on(today).filter(pk__in=without.values("cohort"))
    named = without.filter(cohort=OuterRef("pk")).order_by("person__search_text")

    facts = JSONObject(
        pk="pk",
        name="name",
        owner="coordinator_id",
        leaders=ArraySubquery(
            named.values(leader=JSONObject(time="pk", name=name_facts("person__")))
        ),
    )
    return Matter(cohorts, facts, _unplaced)


def _unplaced(cohort: Any) -> Line:
    names = [name_of(leader["name"]) for leader in cohort.leaders]
    if len(names) == 1:
        title, detail = f"{names[0]} has no placement", f"{cohort.name}."
        url = addresses("placements:openings_for")(cohort.leaders[0]["time"])
        action = "See where they could go"
    else:
        title = f"{words.count(len(names), 'leader')} have no placement"
        detail = f"{cohort.name}: {words.named(names)}."
        url, action = addresses("home:cohort")(cohort.pk), "Look at the cohort"
    return Line(
        key=f"cohort-unplaced:{cohort.pk}:{len(names)}",
        sign="due",
        title=title,
        detail=detail,
        url=url,
        action=action,
        area=AREA,
        owners=owned_by(cohort.owner),
    )
