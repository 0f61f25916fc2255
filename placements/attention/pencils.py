"""Attention lines about pencils: those that no longer make sense, and those about to expire."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import JSONObject

from cohorts.models import Participation
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, plain_day
from placements.attention.facts import AREA
from placements.models import Opening, Pencil, School
from placements.models.openings import RoleTitle

NOTICE = timedelta(days=2)
GONE = (
    Q(opening__state=Opening.State.WITHDRAWN)
    | Q(opening__school__status=School.Status.CLOSED)
    | ~Q(participation__state__in=Participation.EXPECTED_STATES)
)
FACTS = JSONObject(
    pk="pk",
    opening="opening_id",
    role="opening__role_title",
    school="opening__school__name",
    leader=name_facts("participation__person__"),
    owner="made_by_id",
    expires_on="expires_on",
)


def matters(today: date) -> list[Matter]:
    return [overtaken(today), running_out(today)]


def overtaken(today: date) -> Matter:
    """Pencils whose post was withdrawn, whose school closed or whose person is away."""

    def line(one: Any) -> Line:
        return Line(
            key=f"pencil-overtaken:{one.pk}",
            sign="due",
            title=f"{name_of(one.leader)} is pencilled for what cannot be any more",
            detail=f"{RoleTitle(one.role).label} at {one.school}. Rub it out, or think of another post.",
            url=addresses("placements:opening")(one.opening),
            action="Look at the opening",
            area=AREA,
            owners=owned_by(one.owner),
        )

    return Matter(Pencil.objects.standing_on(today).filter(GONE), FACTS, line)


def running_out(today: date) -> Matter:
    """Pencils that expire within two days."""

    def line(one: Any) -> Line:
        return Line(
            key=f"pencil-runs-out:{one.pk}:{one.expires_on}",
            sign="soon",
            title=f"The pencil for {name_of(one.leader)} goes {from_today(one.expires_on, today=today)}",
            detail=f"{RoleTitle(one.role).label} at {one.school}, until {plain_day(one.expires_on)}.",
            url=addresses("placements:opening")(one.opening),
            action="Look at the opening",
            area=AREA,
            owners=owned_by(one.owner),
        )

    standing = Pencil.objects.standing_on(today).filter(expires_on__lte=today + NOTICE)
    return Matter(standing.exclude(GONE), FACTS, line)
