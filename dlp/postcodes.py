"""Postcodes of the United Kingdom as people type them, and the sector that one lies in."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}")
_DISTRICT = re.compile(r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?")


def as_postcode(text: str) -> str:
    """A postcode in capitals with one space; "" if it is not one."""
    bare = re.sub(r"\s", "", text.upper())
    return f"{bare[:-3]} {bare[-3:]}" if _WHOLE.fullmatch(bare) else ""


def as_district(text: str) -> str:
    """The first part of a postcode alone, in capitals: "NW5"; "" if it is not one."""
    bare = re.sub(r"\s", "", text.upper())
    return bare if _DISTRICT.fullmatch(bare) else ""


def sector_of(postcode: str) -> str:
    """The few streets' worth of a postcode that says roughly where: "SE15 3" of "SE15 3AB"."""
    return postcode[:-2]


def district_of(sector: str) -> str:
    """The larger part of a town that a sector lies in: "SE15" of "SE15 3"."""
    return sector.partition(" ")[0]
