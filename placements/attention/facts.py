"""The facts that all attention lines about placements need."""

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
