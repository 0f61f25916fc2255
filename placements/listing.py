"""The list of placements: which are on it, each row as flat words. Two queries at any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from cohorts.models import Person
from cohorts.models.people import listed_name
from cohorts.models.strands import Strand
from dlp import words
from dlp.http import addresses
from placements.models import Placement, Setting
from placements.models.openings import RoleTitle
from placements.models.placements import PlacementQuerySet
from placements.models.schools import Region
from placements.names import HostName, host_name

State = Placement.State
TIMES = [
    ("", "Today"),
    ("coming", "Coming"),
    ("past", "Past"),
    ("nothing", "Came to nothing"),
    ("any", "At any time"),
]
EXPORT_HEADER = (
    "Leader", "Host", "URN", "Setting", "Role", "Strand", "Cohort", "Region", "Postcode",
    "First day", "Last day", "State",
)  # fmt: skip


class Entry(NamedTuple):
    """One row of the page."""

    url: str
    leader: str
    host: HostName
    host_url: str
    setting: str
    role: str
    cohort: str
    region: str
    dates: str
    state: str
    state_label: str


def placements(viewer: Person, filters: dict[str, Any], today: date) -> PlacementQuerySet:
    """Placements this viewer may see that answer to the filters: cohort, setting, region, time."""
    found = Placement.objects.visible_to(viewer).filter(in_time(filters.get("time") or "", today))
    if filters.get("cohort"):
        found = found.filter(participation__cohort=filters["cohort"])
    if filters.get("setting"):
        found = found.filter(host_setting=filters["setting"])
    if filters.get("region"):
        found = found.filter(school__region=filters["region"])
    return found


def in_time(time: str, today: date) -> Q:
    """Today, coming, past or came to nothing: every placement is one of the four on any day."""
    if time == "any":
        return Q()
    held = ~Q(state__in=Placement.UNHELD_STATES)
    thought = Q(state__in=[State.PROPOSED, State.OFFERED])
    if time == "coming":
        return held & Q(starts_on__gt=today) | thought & Q(ends_on__gte=today)
    if time == "past":
        return held & Q(ends_on__lt=today)
    if time == "nothing":
        return ~held & ~thought | thought & Q(ends_on__lt=today)
    return held & Q(starts_on__lte=today, ends_on__gte=today)


def in_order(found: PlacementQuerySet) -> PlacementQuerySet:
    return found.order_by("participation__person__search_text", "-starts_on", "pk")


def entries(found: Any, today: date) -> list[Entry]:
    """Rows for the screen, in one query. `found` is a slice of what `in_order` returns."""
    rows = found.values_list(
        "pk", "participation__person__full_name", "participation__person__known_as",
        "host_name", "school__name", "school_id", "host_setting", "role_title",
        "participation__cohort__name", "school__region", "starts_on", "ends_on", "state",
    )  # fmt: skip
    said: dict[tuple[date, date], str] = {}
    placement_url, school_url = addresses("home:placement"), addresses("home:school")
    return [
        Entry(
            placement_url(pk),
            listed_name(full_name, known_as),
            host_name(host, school, last, today),
            school_url(school_id),
            _SETTINGS[setting],
            _ROLES[role],
            cohort,
            _REGIONS.get(region, ""),
            said.setdefault((first, last), words.span(first, last)),
            state,
            _STATES[state],
        )
        for (
            pk, full_name, known_as, host, school, school_id, setting, role, cohort, region,
            first, last, state,
        ) in rows
    ]  # fmt: skip


def export_rows(found: PlacementQuerySet, today: date) -> Iterator[tuple[Any, ...]]:
    """Rows for a file, streamed, in one query."""
    rows = found.values_list(
        "participation__person__full_name", "host_name", "school__name", "school__urn",
        "host_setting", "role_title", "strand", "participation__cohort__name", "school__region",
        "school__postcode", "starts_on", "ends_on", "state",
    )  # fmt: skip
    for (
        name, host, school, urn, setting, role, strand, cohort, region, postcode, first, last, state,
    ) in rows.iterator(2_000):  # fmt: skip
        yield (
            name, str(host_name(host, school, last, today)), urn, _SETTINGS[setting], _ROLES[role],
            _STRANDS.get(strand, ""), cohort, _REGIONS.get(region, ""), postcode, first, last,
            _STATES[state],
        )  # fmt: skip


_SETTINGS: dict[str, str] = dict(Setting.choices)
_ROLES: dict[str, str] = dict(RoleTitle.choices)
_STRANDS: dict[str, str] = dict(Strand.choices)
_REGIONS: dict[str, str] = dict(Region.choices)
_STATES: dict[str, str] = dict(State.choices)
