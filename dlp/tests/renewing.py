"""The test database as it was when it had been migrated, for the next test after one that commits."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


def renew() -> None:
    """Copy the migrated database again: to empty every table and fill some anew takes five times as long.

    That is done only where none was migrated beforehand. Whoever is connected, such as a thread of a
    server, is put out.
    """
    migrated = settings.DATABASES["default"]["TEST"].get("TEMPLATE")
    if not migrated:
        call_command("flush", interactive=False, verbosity=0)
        return
    ours, template = map(connection.ops.quote_name, (connection.settings_dict["NAME"], migrated))
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {ours} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {ours} TEMPLATE {template} STRATEGY file_copy")
