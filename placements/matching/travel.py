"""How far somebody would travel, and roughly how long: pure functions."""

from __future__ import annotations

from datetime import date
from math import ceil, hypot
from typing import NamedTuple

from cohorts.models import Person
from cohorts.places import Place

ROUNDABOUT = 1.3
"""How much longer roads and rails are than the straight line."""
KM_AN_HOUR = {Person.Travel.CAR: 35, Person.Travel.PUBLIC_TRANSPORT: 20}
ROUNDED_TO = 5


class Figure(NamedTuple):
    """Minutes that a member of staff found out, and when."""

    minutes: int
    said_on: date
    said_by: str


class Journey(NamedTuple):
    """From home to a school; an unknown number is None."""

    km: float | None
    mode: str
    minutes: int | None
    figure: Figure | None = None

    @property
    def by(self) -> str:
        label: str = Person.Travel(self.mode).label
        return label[:1].lower() + label[1:]


def mode_of(travels_by: str) -> str:
    """Public transport for those who did not say: not everybody drives."""
    return travels_by or str(Person.Travel.PUBLIC_TRANSPORT)


def km_between(home: Place | None, school: Place | None) -> float | None:
    """In a straight line, from roughly where somebody lives."""
    if home is None or school is None:
        return None
    metres = hypot(home.easting - school.easting, home.northing - school.northing)
    return metres / 1_000


def about_minutes(km: float, mode: str) -> int:
    """Rounded up to five minutes, and never zero."""
    exactly = km * ROUNDABOUT / KM_AN_HOUR[Person.Travel(mode)] * 60
    return max(ROUNDED_TO, ROUNDED_TO * ceil(round(exactly, 6) / ROUNDED_TO))


def journey(
    home: Place | None, school: Place | None, mode: str, figure: Figure | None = None
) -> Journey:
    """The minutes that staff found out, else the estimate."""
    km = km_between(home, school)
    if figure is not None:
        return Journey(km, mode, figure.minutes, figure)
    return Journey(km, mode, about_minutes(km, mode) if km is not None else None)
