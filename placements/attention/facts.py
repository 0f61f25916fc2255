"""What lines about placements have in common."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import JSONObject

from cohorts.names import name_facts

AREA = "Placements"


def of_placement(**more: Any) -> JSONObject:
    """The facts of every line about a placement: its number, leader, coordinator and host, and more."""
    return JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        host="school__name",
        **more,
    )
