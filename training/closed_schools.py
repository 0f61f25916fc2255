"""Schools closed on the days of a planned session: its venue, and those of the people asked."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from cohorts.models import Person
from placements.models import ClosedDays, Placement, School
from training.models import Venue
from training.planning_clashes import Asked, Times

SHOWN = 8


def says(planned: Sequence[Times], asked: Asked, place: Venue | School | None) -> list[str]:
    """A sentence for each closed school, the first to close first. One query.

    An INSET day is mentioned for information: leaders may be wanted at their school (R-EVT-02).
    """
    if not planned:
        return []
    venue = place.school_id if isinstance(place, Venue) else place.pk if place else None
    placed = _placed(Q(participation__person__in=Person.objects.filter(asked).values("pk")))
    concerned = Q(Exists(placed)) if venue is None else Q(Exists(placed)) | Q(school=venue)
    closed = _closed_while(planned).filter(concerned)
    return _shortened([_sentence(one, venue) for one in closed if _touches(one, planned)])


class Plan(NamedTuple):
    """A session that is planned: its times, who would be asked, and the school it meets at."""

    times: Times
    people: Set[int]
    venue: int | None


def says_of_each(plans: Sequence[Plan]) -> list[list[str]]:
    """What `says` says, of each of many sessions. One query."""
    if not plans:
        return []
    everybody = {pk for one in plans for pk in one.people}
    placed = _placed(Q(participation__person__in=everybody))
    venues = {one.venue for one in plans if one.venue is not None}
    closed = list(
        _closed_while([one.times for one in plans])
        .filter(Q(Exists(placed)) | Q(school__in=venues))
        .annotate(placed=ArraySubquery(placed.values("participation__person")))
    )
    return [
        _shortened(
            [
                _sentence(days, one.venue)
                for days in closed
                if days.school_id == one.venue or not one.people.isdisjoint(days.placed)
                if _touches(days, [one.times])
            ]
        )
        for one in plans
    ]


def _placed(whose: Q) -> QuerySet[Placement]:
    """Placements at the school of closed days while it is closed."""
    held = Placement.objects.held().order_by()
    return held.filter(
        whose,
        school=OuterRef("school"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
    )


def _closed_while(planned: Sequence[Times]) -> QuerySet[ClosedDays]:
    days = min(one.starts_on for one in planned), max(one.ends_on for one in planned)
    return ClosedDays.objects.touching(*days).select_related("school")


def _shortened(said: Sequence[str]) -> list[str]:
    return [*said[:SHOWN], *(["And more schools are closed."] if len(said) > SHOWN else [])]


def _touches(closed: ClosedDays, planned: Sequence[Times]) -> bool:
    return any(
        closed.starts_on <= one.ends_on and closed.ends_on >= one.starts_on for one in planned
    )


def _sentence(closed: ClosedDays, venue: int | None) -> str:
    is_venue = closed.school_id == venue
    whose = "" if is_venue else ", where some of those asked are placed,"
    is_inset = closed.kind == ClosedDays.Kind.INSET
    what = "an INSET day" if is_inset else "a holiday of its own"
    return f"{closed.school}{whose} has {what}: {closed.days}."
