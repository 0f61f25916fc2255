"""Where leaders are: the drawn England and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from dlp import words
from placements.england.drawing import KINDS, SHEET, Drawing, Host, draw, on_sheet
from placements.models import Placement, Setting
from placements.models.schools import Region

MOST_DRAWN = 250
"""More schools than these no eye tells apart; those with most leaders are drawn."""

MOST_NAMED = 3
"""Schools without a place that are named; of more the rest is counted."""

KIND_LABELS = {**{kind: Setting(value).label for value, kind in KINDS.items()}, "other": "Other"}
_LEADERS = Count("participation__person", distinct=True)
_SCHOOLS = Count("school", distinct=True)
_ON_SHEET = Q(
    school__easting__range=(SHEET.west, SHEET.east),
    school__northing__range=(SHEET.south, SHEET.north),
)


class Hosted(NamedTuple):
    """Where one leader is placed, as flat as `HOSTED` asks for it."""

    school_id: int
    school: str
    region: str
    easting: int | None
    northing: int | None
    setting: str


HOSTED = (
    "school_id",
    "school__name",
    "school__region",
    "school__easting",
    "school__northing",
    "host_setting",
)


class RegionRow(NamedTuple):
    region: str
    name: str
    leaders: int
    schools: int


class KindRow(NamedTuple):
    """A shape of the drawing, what it means and how many schools have it."""

    kind: str
    label: str
    schools: int


class Where(NamedTuple):
    title: str
    description: str
    drawing: Drawing
    kinds: list[KindRow]
    regions: list[RegionRow]
    """Most leaders first; the last is of schools whose region is not known."""
    not_drawn: list[str]


def where(found: QuerySet[Placement]) -> Where:
    """The map of these placements: each host a shape, each region a number.

    Three queries, and one more where a school has no place.
    """
    found = found.order_by()
    counts = found.aggregate(
        leaders=_LEADERS,
        schools=_SCHOOLS,
        on_sheet=Count("school", distinct=True, filter=_ON_SHEET),
    )
    missing = counts["schools"] - counts["on_sheet"]
    return _where(counts, _regions(found), _hosts(found), _missing(found) if missing else [])


def where_of(placements: Iterable[Hosted]) -> Where:
    """The same of a few placements that are known already; one for each leader."""
    placements = list(placements)
    schools = {one.school_id: one for one in placements}
    leaders = Counter(one.region for one in placements)
    hosts = Counter((one.school_id, one.setting) for one in placements)
    counts = {
        "leaders": len(placements),
        "schools": len(schools),
        "on_sheet": sum(on_sheet(one.easting, one.northing) for one in schools.values()),
    }
    missing = sorted(
        one.school for one in schools.values() if not on_sheet(one.easting, one.northing)
    )
    regions = [
        RegionRow(
            region, _name(region), many, sum(one.region == region for one in schools.values())
        )
        for region, many in leaders.items()
    ]
    drawn = [
        Host(school.school, school.easting or 0, school.northing or 0, setting, school.region, many)
        for (pk, setting), many in hosts.most_common(MOST_DRAWN)
        if on_sheet((school := schools[pk]).easting, school.northing)
    ]
    return _where(counts, regions, drawn, missing[:MOST_NAMED])


def _where(
    counts: Mapping[str, int], regions: list[RegionRow], hosts: list[Host], missing: list[str]
) -> Where:
    regions.sort(key=lambda row: (not row.region, -row.leaders, row.name))
    kinds = Counter(KINDS.get(host.setting, "other") for host in hosts)
    return Where(
        title=f"{words.count(counts['leaders'], 'leader')} "
        f"in {words.count(counts['schools'], 'school')}",
        description=_description(regions),
        drawing=draw(hosts, {row.region: row.leaders for row in regions}),
        kinds=[
            KindRow(kind, name, kinds[kind]) for kind, name in KIND_LABELS.items() if kinds[kind]
        ],
        regions=regions,
        not_drawn=_not_drawn(counts, missing),
    )


def _regions(found: QuerySet[Placement]) -> list[RegionRow]:
    rows = found.values_list("school__region").annotate(leaders=_LEADERS, schools=_SCHOOLS)
    return [RegionRow(region, _name(region), *many) for region, *many in rows]


def _name(region: str) -> str:
    return Region(region).label if region else "Not known"


def _hosts(found: QuerySet[Placement]) -> list[Host]:
    rows = (
        found.filter(_ON_SHEET)
        .values_list(
            "school__name",
            "school__easting",
            "school__northing",
            "host_setting",
            "school__region",
        )
        .annotate(leaders=_LEADERS)
        .order_by("-leaders", "school")[:MOST_DRAWN]
    )
    return [Host(*row) for row in rows]


def _missing(found: QuerySet[Placement]) -> list[str]:
    """The first few schools that have no place on the sheet, by name."""
    rows = found.exclude(_ON_SHEET).values_list("school__name", "school").distinct()
    return [name for name, _ in rows.order_by("school__name", "school")[:MOST_NAMED]]


def _description(regions: Iterable[RegionRow]) -> str:
    said = ", ".join(f"{row.name} {row.leaders}" for row in regions)
    return f"Leaders by region: {said}." if said else "Nobody is placed like that."


def _not_drawn(counts: Mapping[str, int], missing: list[str]) -> list[str]:
    """What the drawing leaves out, in words."""
    said = []
    if many := counts["schools"] - counts["on_sheet"]:
        rest = [f"{many - len(missing)} more"] if many > len(missing) else []
        are, them = ("is", "it") if many == 1 else ("are", "them")
        names = words.joined([*missing, *rest])
        said.append(f"{names} {are} not drawn: GIAS gives no place in England for {them}.")
    if counts["on_sheet"] > MOST_DRAWN:
        said.append(f"Drawn are the {MOST_DRAWN} schools with most leaders.")
    return said
