"""The map of partners and placements: which schools are on it, and the rows of its table. Three queries."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from cohorts.models import Person
from dlp.http import addresses
from placements import listing
from placements.models import Opening, Partnership, School, Setting
from placements.models.schools import Region, SchoolQuerySet
from placements.where import Hosted, Leaders, leaders_by_host


class MapRow(NamedTuple):
    """A school of the map's table."""

    url: str
    school: str
    setting: str
    region: str
    leaders: int
    is_partner: bool


def on_the_map(
    viewer: Person, filters: dict[str, Any], today: date
) -> tuple[Leaders, frozenset[int]]:
    """Who is at which school, partners where nobody is included; and which schools are partners."""
    leaders = leaders_by_host(listing.placements(viewer, filters, today))
    known = {host.school_id for host in leaders}
    rows = partners(viewer, filters, today).order_by("pk")
    empty = {
        Hosted(*row): frozenset[int]()
        for row in rows.values_list("pk", "name", "region", "easting", "northing", "setting")
        if row[0] not in known
    }
    in_force = Partnership.objects.visible_to(viewer).covering(today)
    return {**leaders, **empty}, frozenset(in_force.values_list("school", flat=True))


def partners(viewer: Person, filters: dict[str, Any], today: date) -> SchoolQuerySet:
    """Partners of today, of this setting and region; of a cohort those that offer it a post."""
    in_force = Partnership.objects.covering(today).filter(school=OuterRef("pk"))
    found = School.objects.visible_to(viewer).filter(Exists(in_force))
    if filters.get("setting"):
        found = found.filter(setting=filters["setting"])
    if filters.get("region"):
        found = found.filter(region=filters["region"])
    if filters.get("cohort"):
        offered = Opening.objects.filter(
            school=OuterRef("pk"),
            cohort=filters["cohort"],
            state__in=[Opening.State.OPEN, Opening.State.FILLED],
        )
        found = found.filter(Exists(offered))
    return found


def in_order(leaders: Leaders) -> list[tuple[Hosted, Set[int]]]:
    """Each school in each of its settings: those with most leaders first, then by name."""
    return sorted(leaders.items(), key=lambda one: (-len(one[1]), one[0].school, one[0].school_id))


def rows_of(shown: Iterable[tuple[Hosted, Set[int]]], partners: frozenset[int]) -> list[MapRow]:
    """The rows of some of what `in_order` returns."""
    school_url = addresses("home:school")
    return [
        MapRow(
            school_url(host.school_id),
            host.school,
            _SETTINGS.get(host.setting, ""),
            _REGIONS.get(host.region, "Not known"),
            len(people),
            host.school_id in partners,
        )
        for host, people in shown
    ]


_SETTINGS: dict[str, str] = dict(Setting.choices)
_REGIONS: dict[str, str] = dict(Region.choices)
