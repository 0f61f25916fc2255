"""`manage.py check --deploy` looks at the database role we sign in as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection


@register("deploy", deploy=True)
def role_is_no_superuser(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Row-level security binds neither a superuser nor a role that bypasses it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            role, is_superuser, bypasses = cursor.fetchone()
    except DatabaseError:
        return [
            Error(
                "The database cannot be reached, so its role could not be checked.",
                hint="Start Postgres, or put DATABASE_URL right, and check again.",
                id="dlp.E002",
            )
        ]
    if not (is_superuser or bypasses):
        return []
    return [
        Error(
            f"The database role '{role}' can read past row-level security, so sealed notes would "
            f"lie open to it.",
            hint="Make a role without SUPERUSER and BYPASSRLS, let it own the database, and name "
            "it in DATABASE_URL.",
            id="dlp.E001",
        )
    ]
