"""Postcodes of the United Kingdom as people type them, and the sector that one lies in."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}")


def as_postcode(text: str) -> str:
    """A postcode in capitals with its one space; "" where it is none."""
    bare = re.sub(r"\s", "", text.upper())
    return f"{bare[:-3]} {bare[-3:]}" if _WHOLE.fullmatch(bare) else ""


def sector_of(postcode: str) -> str:
    """The few streets' worth of a postcode that says roughly where: "SE15 3" of "SE15 3AB"."""
    return postcode[:-2]


def district_of(sector: str) -> str:
    """The larger part of a town that a sector lies in: "SE15" of "SE15 3"."""
    return sector.partition(" ")[0]
