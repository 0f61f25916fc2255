"""What the database knows of its own tables."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

OURS = ("cohorts", "placements", "training")


def gather_statistics() -> None:
    """Have the database count what it holds. By itself it does so a minute later.

    Until then it takes the tables for empty, and needs seconds for what else takes milliseconds.
    """
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
