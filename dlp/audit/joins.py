"""History of many-to-many relations, kept by tracking the tables that join them."""

from __future__ import annotations

from collections.abc import Iterator

import pghistory
from django.db import models

ADDED, TAKEN_AWAY = "added", "taken away"

# For `@pghistory.track(*ADDED_AND_TAKEN_AWAY, obj_field=None)` on a proxy of the joining table.
ADDED_AND_TAKEN_AWAY = (pghistory.InsertEvent(ADDED), pghistory.DeleteEvent(TAKEN_AWAY))


def joins_of(
    model: type[models.Model],
) -> Iterator[tuple[models.ManyToManyField, type[models.Model] | None]]:
    """Each many-to-many relation of a model with its history model, or None without one."""
    for field in model._meta.many_to_many:
        kept = pghistory.core.event_models(
            tracks_model=field.remote_field.through, include_missing_pgh_obj=True
        )
        yield field, next(iter(kept), None)
