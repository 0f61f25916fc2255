"""Attention lines about hosts: agreements, day-one facts, leads who leave, clashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from cohorts.names import name_facts, name_of
from dlp import words
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, plain_day
from placements.attention.facts import AREA, of_placement
from placements.models import Clash, Handover, Partnership, Placement, SchoolProfile
from placements.models.partnerships import EXPIRING_FOR
from placements.models.profiles import ASKED_AGAIN_AFTER

FIRST_DAY_NOTICE = timedelta(days=10)
NAMED = 3
"""How many missing facts are named; the rest is counted."""


def matters(today: date) -> list[Matter]:
    return [
        first_days_that_lack_something(today),
        leads_to_welcome(today),
        clashes_to_answer(today),
        partnerships_that_end(today),
        profiles_to_ask_about(today),
    ]


def coordinators_at(school: str) -> ArraySubquery:
    """The coordinators of the leaders at a school; `school` is the column with its key."""
    live = Placement.objects.live().filter(school=OuterRef(school)).order_by()
    return ArraySubquery(live.values("participation__cohort__coordinator_id").distinct())


def first_days_that_lack_something(today: date) -> Matter:
    """Ten days before a first day: what the day-one pack does not say yet."""
    told = SchoolProfile.objects.filter(school=OuterRef("school"))
    whole = told.exclude(
        Q(arrive_at=None)
        | _any_empty([name for name in SchoolProfile.ABOUT if name != "arrive_at"])
    )
    lacking = Placement.objects.filter(
        ~Exists(whole),
        state=Placement.State.CONFIRMED,
        starts_on__range=(today, today + FIRST_DAY_NOTICE),
    ).order_by("starts_on")

    def line(one: Any) -> Line:
        known = one.told or {}
        missing = [about for name, about in SchoolProfile.ABOUT.items() if not known.get(name)]
        return Line(
            key=f"day-one:{one.pk}:{len(missing)}",
            sign="due",
            title=f"{one.host} has not said all that {name_of(one.leader)} needs on day one",
            detail=f"The first day is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}. Not known: {_some(missing)}.",
            url=addresses("placements:profile_edit")(one.school_id),
            action="Fill it in",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        school_id="school_id",
        starts_on="starts_on",
        told=Subquery(told.values(said=JSONObject(**{name: name for name in SchoolProfile.ABOUT}))),
    )
    return Matter(lacking, facts, line)


def _any_empty(names: Sequence[str]) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{name: ""})
    return found


def _some(missing: list[str]) -> str:
    """parking, lunch, keys and radios, and 3 more"""
    if len(missing) <= NAMED + 1:
        return words.joined(missing)
    return f"{', '.join(missing[:NAMED])}, and {len(missing) - NAMED} more"


def leads_to_welcome(today: date) -> Matter:
    """A school lead has left; somebody should call their successor."""
    waiting = Handover.objects.waiting().order_by("opened_on")

    def line(one: Any) -> Line:
        left = name_of(one.person) if one.person["full_name"] else one.name
        when = "left" if one.left_on < today else "leaves"
        return Line(
            key=f"handover:{one.pk}",
            sign="due",
            title=f"Call whoever follows {left} at {one.school}",
            detail=f"{left} {when} on {plain_day(one.left_on)}. The handover says who is placed "
            f"there and what was agreed.",
            url=addresses("home:handover")(one.pk),
            action="Look at the handover",
            area=AREA,
            owners=owned_by(*one.owners),
        )

    facts = JSONObject(
        pk="pk",
        school="school__name",
        name="contact_left__name",
        person=name_facts("contact_left__person__"),
        left_on="contact_left__ends_on",
        owners=coordinators_at("school"),
    )
    return Matter(waiting.exclude(contact_left__ends_on=None), facts, line)


def clashes_to_answer(today: date) -> Matter:
    """Clashes that a school reported and nobody answered, until the day is over."""
    waiting = Clash.objects.waiting().filter(day__gte=today).order_by("day")

    def line(one: Any) -> Line:
        return Line(
            key=f"clash:{one.pk}",
            sign="due",
            title=f"{one.school} tells of a clash on {plain_day(one.falls_on)}",
            detail=f"{name_of(one.by)}: “{one.text}”",
            url=addresses("placements:clash_answer")(one.pk),
            action="Answer it",
            area=AREA,
            owners=owned_by(*one.owners),
        )

    facts = JSONObject(
        pk="pk",
        school="school__name",
        falls_on="day",
        text="text",
        by=name_facts("told_by__"),
        owners=coordinators_at("school"),
    )
    return Matter(waiting, facts, line)


def partnerships_that_end(today: date) -> Matter:
    """Agreements that end within 90 days, unless the next one is on its way (R-SCH-07)."""
    following = Partnership.objects.filter(
        school=OuterRef("school"), starts_on__gt=OuterRef("starts_on")
    ).exclude(state=Partnership.State.ENDED)
    ending = Partnership.objects.filter(
        ~Exists(following),
        state=Partnership.State.ACTIVE,
        ends_on__range=(today, today + EXPIRING_FOR),
    ).order_by("ends_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"partnership-ends:{one.pk}",
            sign="soon",
            title=f"The partnership with {one.school} ends",
            detail=f"{plain_day(one.ends_on)}, {from_today(one.ends_on, today=today)}. "
            f"No next agreement is drafted.",
            url=addresses("home:school")(one.school_id),
            action="Look at the agreement",
            area=AREA,
        )

    facts = JSONObject(pk="pk", school="school__name", school_id="school_id", ends_on="ends_on")
    return Matter(ending, facts, line)


def profiles_to_ask_about(today: date) -> Matter:
    """Profiles of current hosts that nobody has confirmed for half a year."""
    here = Placement.objects.live().filter(school=OuterRef("school"), ends_on__gte=today)
    old = SchoolProfile.objects.filter(
        Exists(here), confirmed_on__lte=today - ASKED_AGAIN_AFTER
    ).order_by("confirmed_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"profile-old:{one.pk}:{one.confirmed_on}",
            sign="soon",
            title=f"Is what we know of {one.school} still true?",
            detail=f"It was last confirmed on {plain_day(one.confirmed_on)}. Its leads are asked, "
            f"too.",
            url=addresses("home:school")(one.school_id),
            action="Look at the school",
            area=AREA,
            owners=owned_by(*one.owners),
        )

    facts = JSONObject(
        pk="pk",
        school="school__name",
        school_id="school_id",
        confirmed_on="confirmed_on",
        owners=coordinators_at("school"),
    )
    return Matter(old, facts, line)
