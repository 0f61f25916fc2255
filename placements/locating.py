"""About where a postcode sector lies: in the middle of the schools in it, else of those in its district."""

from __future__ import annotations

from django.db.models import Aggregate, FloatField

from cohorts import places
from cohorts.places import Place
from dlp.postcodes import district_of, sector_of
from placements.models import School


class Median(Aggregate):
    """The value in the middle; a far-off stray moves it little."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def place_of(sector: str) -> Place | None:
    """A query for the sector and, where no school stands in it, one for the district."""
    for beginning in (sector, f"{district_of(sector)} "):
        found = School.objects.filter(
            postcode__startswith=beginning, easting__isnull=False, northing__isnull=False
        ).aggregate(easting=Median("easting"), northing=Median("northing"))
        if found["easting"] is not None:
            return Place(round(found["easting"]), round(found["northing"]))
    return None


def place_of_postcode(postcode: str) -> Place | None:
    """About where a postcode lies, or a district alone such as "NW5"; None where nobody knows."""
    exact = School.objects.filter(postcode=postcode, easting__isnull=False, northing__isnull=False)
    known = exact.order_by("pk").only("easting", "northing").first()
    if known and known.easting and known.northing:
        return Place(known.easting, known.northing)
    return place_of(sector_of(postcode) if " " in postcode else f"{postcode} ")


def register() -> None:
    places.register(place_of)
