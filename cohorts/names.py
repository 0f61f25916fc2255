"""Names of people for queries that return facts instead of people."""

from __future__ import annotations

from django.db.models.functions import JSONObject

from cohorts.models.people import listed_name


def name_facts(path: str = "") -> JSONObject:
    """What `name_of` needs about the person at this path, such as "participation__person__"."""
    return JSONObject(full_name=f"{path}full_name", known_as=f"{path}known_as")


def name_of(facts: dict[str, str]) -> str:
    return listed_name(**facts)
