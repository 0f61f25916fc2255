"""Attendance strips in long tables: one path per kind of mark instead of a sign for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dlp.home.templatetags.dlp import STEP, strip_title

BARS = {
    "present": "M{x} 4h11v26h-11z",
    "online": "M{x} 4h11v26h-11z",
    "late": "M{x} 13h11v17h-11z",
    "left_early": "M{x} 13h11v17h-11z",
}


class Strip(NamedTuple):
    """The paths of a strip, in the shapes and places that `{% strip %}` draws."""

    title: str
    came: str
    excused: str
    absent: str
    ahead: str


def strip(marks: Sequence[str]) -> Strip | None:
    """None if there is nothing to draw; marks are oldest first, an empty one is to come."""
    if not marks:
        return None
    paths: dict[str, list[str]] = {"came": [], "excused": [], "absent": [], "ahead": []}
    for index, mark in enumerate(marks):
        x = 2 + index * STEP
        if mark in BARS:
            paths["came"].append(BARS[mark].format(x=x))
        elif mark == "excused":
            paths["excused"].append(f"M{x + 1} 5h9v24h-9z")
        elif mark == "absent":
            paths["absent"].append(f"M{x} 12l11 11m0-11l-11 11")
        else:
            paths["ahead"].append(f"M{x} 27h11v3h-11z")
    return Strip(strip_title(marks), *("".join(found) for found in paths.values()))
