"""Roughly where a postcode lies: in the middle of the schools in it, else of those around it.

Only our own school data is used; no outside service.
"""

from __future__ import annotations

from django.db.models import Aggregate, FloatField, Q

from cohorts import places
from cohorts.places import Place
from dlp.postcodes import district_of, sector_of
from placements.models import School


class Median(Aggregate):
    """The median, which an outlier hardly moves."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def place_of(sector: str) -> Place | None:
    """By sector, or by district if no school lies in the sector. One query."""
    return _middle_of(district_of(sector), Q(postcode__startswith=sector))


def place_of_postcode(postcode: str) -> Place | None:
    """By the whole postcode, then its sector, then its district; or by a district such as "NW5"."""
    if " " not in postcode:
        return _middle_of(postcode)
    sector = sector_of(postcode)
    here = Q(postcode=postcode), Q(postcode__startswith=sector)
    return _middle_of(district_of(sector), *here)


def _middle_of(district: str, *parts: Q) -> Place | None:
    """The middle of the schools in the first part that has any, else of the whole district."""
    asked = {}
    for number, part in enumerate([*parts, None]):
        asked[f"easting_{number}"] = Median("easting", filter=part)
        asked[f"northing_{number}"] = Median("northing", filter=part)
    found = School.objects.filter(
        postcode__startswith=f"{district} ", easting__isnull=False, northing__isnull=False
    ).aggregate(**asked)
    for number in range(len(parts) + 1):
        if found[f"easting_{number}"] is not None:
            return Place(round(found[f"easting_{number}"]), round(found[f"northing_{number}"]))
    return None


def register() -> None:
    places.register(place_of)
