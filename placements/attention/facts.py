"""The facts that attention lines about placements and openings need."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import JSONObject

from cohorts.names import name_facts

AREA = "Placements"


def of_placement(**more: Any) -> JSONObject:
    """The key, leader, coordinator and host of a placement, and whatever else is given."""
    return JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        host="school__name",
        **more,
    )


def of_opening(**more: Any) -> JSONObject:
    """The key, role, school, cohort and coordinator of an opening, and whatever else is given."""
    return JSONObject(
        pk="pk",
        role_title="role_title",
        school="school__name",
        cohort="cohort__name",
        owner="cohort__coordinator_id",
        **more,
    )
