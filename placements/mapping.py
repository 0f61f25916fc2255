"""The map of partners and placements: which schools are on it, and the rows of its table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from cohorts.models import Person
from dlp.http import addresses
from placements import listing
from placements.models import Opening, Partnership, School, Setting
from placements.models.schools import Region, SchoolQuerySet
from placements.where import Hosted, Where, leaders_by_host, where_are


class MapRow(NamedTuple):
    """A school of the map's table."""

    url: str
    school: str
    setting: str
    region: str
    leaders: int
    is_partner: bool


class OnTheMap(NamedTuple):
    """What the page shows of everybody and every school, whichever page of its table."""

    where: Where
    hosts: list[tuple[Hosted, int]]
    """Each school in each of its settings, with how many leaders: most first, then by name."""
    partners: frozenset[int]
    """Numbers of the schools that are partners today."""


def on_the_map(viewer: Person, filters: dict[str, Any], today: date) -> OnTheMap:
    """Where leaders are, and partners where nobody is. Three queries."""
    leaders = leaders_by_host(listing.placements(viewer, filters, today))
    known = {host.school_id for host in leaders}
    rows = partners(viewer, filters, today).order_by("pk")
    empty = {
        Hosted(*row): frozenset[int]()
        for row in rows.values_list("pk", "name", "region", "easting", "northing", "setting")
        if row[0] not in known
    }
    shown = {**leaders, **empty}
    in_force = Partnership.objects.visible_to(viewer).covering(today)
    hosts = ((host, len(people)) for host, people in shown.items())
    return OnTheMap(
        where=where_are(shown),
        hosts=sorted(hosts, key=lambda one: (-one[1], one[0].school, one[0].school_id)),
        partners=frozenset(in_force.values_list("school", flat=True)),
    )


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


def rows_of(hosts: Iterable[tuple[Hosted, int]], partners: frozenset[int]) -> list[MapRow]:
    """The rows of some of the hosts on the map."""
    school_url = addresses("home:school")
    return [
        MapRow(
            school_url(host.school_id),
            host.school,
            _SETTINGS.get(host.setting, ""),
            _REGIONS.get(host.region, "Not known"),
            leaders,
            host.school_id in partners,
        )
        for host, leaders in hosts
    ]


_SETTINGS: dict[str, str] = dict(Setting.choices)
_REGIONS: dict[str, str] = dict(Region.choices)
