"""Merging two records of a person: looks and covers."""

from dlp import merging
from dlp.merging import Handler, drop

WHO_STOOD_IN = (
    "Only staff are covered, and no record of staff goes: this is who stood in for whom then."
)


def register() -> None:
    merging.register(
        drop("home.Look.person"),
        Handler("home.Cover.person", stays=WHO_STOOD_IN),
        Handler("home.Cover.covered_by", stays=WHO_STOOD_IN),
    )
