"""History of what no column holds: who belongs to what, kept by the tables that join the two."""

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
    """Each many-to-many of a model with the table of its history, or None where nothing keeps one."""
    for field in model._meta.many_to_many:
        kept = pghistory.core.event_models(
            tracks_model=field.remote_field.through, include_missing_pgh_obj=True
        )
        yield field, next(iter(kept), None)
