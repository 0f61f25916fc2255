"""Schools closed on the days of a planned session: its venue, and those of the people asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

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
    days = min(one.starts_on for one in planned), max(one.ends_on for one in planned)
    venue = place.school_id if isinstance(place, Venue) else place.pk if place else None
    placed = Placement.objects.held().filter(
        school=OuterRef("school"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
        participation__person__in=Person.objects.filter(asked).order_by().values("pk"),
    )
    concerned = Q(Exists(placed)) if venue is None else Q(Exists(placed)) | Q(school=venue)
    closed = ClosedDays.objects.touching(*days).filter(concerned).select_related("school")
    said = [_sentence(one, venue) for one in closed if _touches(one, planned)]
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
