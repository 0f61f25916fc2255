"""`manage.py prepare`: bring the database up to date with this version of the code."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

LOCK = 20_260_901  # two copies on one database migrate one after the other


class Command(BaseCommand):
    """One process for what every start needs, because loading Django twice takes longer."""

    help = (
        "Migrate and, with --demo, load the demonstration into an empty database. Prints who can "
        "sign in, if the demonstration is there; all else goes to stderr."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="fill a database that has nobody in it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        call_command("migrate", interactive=False, verbosity=0)
        is_empty = options["demo"] and not get_user_model().objects.exists()
        call_command("demo", who=not is_empty, stdout=self.stdout)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
