"""Build the demonstration, or say who can sign in to it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cohorts.models import Person
from dlp.home import demo


class Command(BaseCommand):
    help = "Build the demonstration programme in an empty database; --who lists its sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--who", action="store_true", help="only list who can sign in")

    def handle(self, *args: Any, who: bool, **options: Any) -> None:
        if not who:
            self.build()
        if demo.is_here():
            self.list_sign_ins()

    def build(self) -> None:
        if demo.is_here():
            self.stdout.write("The demonstration is here already; nothing was changed.")
            return
        if Person.objects.exists():
            raise CommandError(
                "This database holds people already. The demonstration goes into an empty one: "
                "start with bin/start --fresh, or point DATABASE_URL elsewhere."
            )
        cohorts = demo.build(timezone.localdate())
        self.stdout.write(
            f"Built the demonstration: {len(cohorts)} cohorts, {cohorts[0]} to {cohorts[-1]}."
        )

    def list_sign_ins(self) -> None:
        rows = demo.sign_ins()
        width = max(len(row.email) for row in rows)
        self.stdout.write("Sign in as one of these; the code arrives in the mailbox.")
        for row in rows:
            figures = f"  authenticator {row.figures}" if row.figures else ""
            self.stdout.write(f"  {row.email:<{width}}  {row.what}{figures}")
        self.stdout.write(
            "An authenticator's figures last 30 seconds. New ones: bin/manage demo --who"
        )
