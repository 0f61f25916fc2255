"""A host that is to become an academy, between two real schools."""

from __future__ import annotations

from datetime import date

from placements.gias.rows import as_latitude_and_longitude
from placements.models import School, SchoolLink, Setting

IMPACT = 104849
WATERSIDE = 150834
PLACE = (334_453, 399_341)
AGREED_ON = date(2024, 6, 1)


def name_who_follows(impact: School) -> None:
    """Waterside Academy, proposed to open, will follow IMPACT, proposed to close."""
    easting, northing = PLACE
    latitude, longitude = as_latitude_and_longitude(easting, northing)
    academy = School.objects.create(
        urn=WATERSIDE,
        name="Waterside Academy",
        setting=Setting.ALTERNATIVE_PROVISION,
        status=School.Status.PROPOSED,
        local_authority=impact.local_authority,
        region=impact.region,
        easting=easting,
        northing=northing,
        latitude=latitude,
        longitude=longitude,
    )
    SchoolLink.objects.create(
        school=impact,
        other=academy,
        kind=SchoolLink.Kind.SUCCESSOR,
        established_on=AGREED_ON,
    )
