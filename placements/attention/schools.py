"""Attention lines about imported schools: hosts that close, and hosts that were renamed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from cohorts.names import name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import joined, plain_day
from placements.attention.facts import AREA, of_placement
from placements.models import Placement, School, SchoolLink, SchoolName

RENAMED_FOR = timedelta(days=30)


def matters(today: date) -> list[Matter]:
    return [hosts_that_close(), hosts_renamed(today)]


def hosts_that_close() -> Matter:
    """Hosts that close: the placement stays, and somebody decides where it goes on (R-SCH-05)."""
    gone = (School.Status.CLOSED, School.Status.CLOSING)
    held = Placement.objects.live().filter(school__status__in=gone)

    def line(one: Any) -> Line:
        is_closed = one.status == School.Status.CLOSED
        on = f" on {plain_day(one.closed_on)}" if one.closed_on else ""
        return Line(
            key=f"placement-host-{one.status}:{one.pk}",
            sign="bad" if is_closed else "due",
            title=f"{one.host} closed{on}" if is_closed else f"{one.host} is proposed to close",
            detail=f"{name_of(one.leader)} is placed there until {plain_day(one.ends_on)}."
            f"{_what_follows(one.followed_by, is_closed)}",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = of_placement(
        status="school__status",
        closed_on="school__closed_on",
        ends_on="ends_on",
        followed_by=ArraySubquery(_names_of_those_after(OuterRef("school"))),
    )
    return Matter(held, facts, line)


def _names_of_those_after(school: OuterRef) -> QuerySet[Any, Any]:
    name = Case(When(kind=SchoolLink.Kind.SUCCESSOR, then="other__name"), default="school__name")
    links = SchoolLink.objects.onward_from(school).annotate(name=name)
    return links.order_by("name").values("name").distinct()


def _what_follows(names: list[str], is_closed: bool) -> str:
    if not names:
        return ""
    if not is_closed:
        return f" {joined(names)} {'is' if len(names) == 1 else 'are'} to follow it."
    if len(names) == 1:
        return f" It became {names[0]}: move the placement there."
    return f" {joined(names)} follow it: choose by hand."


def hosts_renamed(today: date) -> Matter:
    """Hosts that an import gave another name, for a month."""
    live = Placement.objects.live().filter(school=OuterRef("school"))
    names = SchoolName.objects.filter(
        Exists(live),
        source=SchoolName.Source.GIAS,
        added_at__date__gt=today - RENAMED_FOR,
    ).order_by("-added_at", "pk")

    def line(one: Any) -> Line:
        return Line(
            key=f"school-renamed:{one.pk}",
            sign="soon",
            title=f"{one.name} is now {one.school}",
            detail="GIAS says so. Leaders of ours are placed there.",
            url=addresses("home:school")(one.school_id),
            action="Look at the school",
            area=AREA,
        )

    facts = JSONObject(pk="pk", name="name", school="school__name", school_id="school_id")
    return Matter(names, facts, line)
