"""Where leaders are: the drawn England and its table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from dlp import words
from placements.england.drawing import KINDS, Drawing, Host, draw, kind_of, on_sheet
from placements.models import Placement, Setting
from placements.models.schools import Region

MOST_DRAWN = 250
"""More schools than these no eye tells apart; those with most leaders are drawn."""

MOST_NAMED = 3
"""Schools without a place that are named; of more the rest is counted."""

KIND_LABELS = {
    **{kind: Setting(value).label for value, kind in KINDS.items()},
    "other": "Other",
    "partner": "Partner without a leader",
}


class Hosted(NamedTuple):
    """A school in one of its settings, as flat as `HOSTED` asks for it."""

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


Leaders = Mapping[Hosted, Set[int]]
"""The numbers of those at each host; somebody may be at several, and nobody at one."""


def where(found: QuerySet[Placement]) -> Where:
    """The map of these placements: each host a shape, each region a number. One query."""
    return where_are(leaders_by_host(found))


def leaders_by_host(found: QuerySet[Placement]) -> Leaders:
    rows = found.order_by().values_list(*HOSTED)
    people = rows.annotate(people=ArrayAgg("participation__person"))
    return {Hosted(*host): frozenset(leaders) for *host, leaders in people}


def where_of(placements: Iterable[Hosted]) -> Where:
    """The same of a few placements that are known already; one for each leader."""
    leaders: dict[Hosted, set[int]] = defaultdict(set)
    for number, host in enumerate(placements):
        leaders[host].add(number)
    return where_are(leaders)


def where_are(leaders: Leaders) -> Where:
    """The map of these hosts. A school without a leader is drawn as a partner without one."""
    schools = {host.school_id: host for host in leaders}
    placed = {pk for pk, host in schools.items() if on_sheet(host.easting, host.northing)}
    everybody = len(frozenset[int]().union(*leaders.values()))
    regions = _regions(schools.values(), leaders)
    largest = sorted(leaders.items(), key=lambda one: (-len(one[1]), one[0].school_id))
    shown = [_drawn(*one) for one in largest if one[0].school_id in placed][:MOST_DRAWN]
    kinds = Counter(kind_of(host) for host in shown)
    return Where(
        title=_title(everybody, leaders),
        description=_description(regions),
        drawing=draw(shown, {row.region: row.leaders for row in regions if row.leaders}),
        kinds=[
            KindRow(kind, name, kinds[kind]) for kind, name in KIND_LABELS.items() if kinds[kind]
        ],
        regions=regions,
        not_drawn=_not_drawn(
            [host.school for pk, host in schools.items() if pk not in placed], len(placed)
        ),
    )


def _title(everybody: int, leaders: Leaders) -> str:
    hosting = {host.school_id for host, there in leaders.items() if there}
    said = f"{words.count(everybody, 'leader')} in {words.count(len(hosting), 'school')}"
    empty = {host.school_id for host in leaders} - hosting
    return f"{said}, {words.count(len(empty), 'partner')} without a leader" if empty else said


def _drawn(host: Hosted, people: Set[int]) -> Host:
    return Host(
        host.school, host.easting or 0, host.northing or 0, host.setting, host.region, len(people)
    )


def _regions(schools: Iterable[Hosted], leaders: Leaders) -> list[RegionRow]:
    people: dict[str, set[int]] = defaultdict(set)
    for host, there in leaders.items():
        people[host.region] |= there
    hosts = Counter(host.region for host in schools)
    rows = [
        RegionRow(region, _name(region), len(there), hosts[region])
        for region, there in people.items()
    ]
    return sorted(rows, key=lambda row: (not row.region, -row.leaders, row.name))


def _name(region: str) -> str:
    return Region(region).label if region else "Not known"


def _description(regions: Iterable[RegionRow]) -> str:
    said = ", ".join(f"{row.name} {row.leaders}" for row in regions if row.leaders)
    return f"Leaders by region: {said}." if said else "Nobody is placed like that."


def _not_drawn(missing: list[str], drawn: int) -> list[str]:
    """What the drawing leaves out, in words."""
    said = []
    if many := len(missing):
        named = sorted(missing)[:MOST_NAMED]
        rest = [f"{many - len(named)} more"] if many > len(named) else []
        are, them = ("is", "it") if many == 1 else ("are", "them")
        names = words.joined([*named, *rest])
        said.append(f"{names} {are} not drawn: GIAS gives no place in England for {them}.")
    if drawn > MOST_DRAWN:
        said.append(f"Drawn are the {MOST_DRAWN} schools with most leaders.")
    return said
