"""Bring in the file that Get Information About Schools lets everyone download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dlp.errors import Refused
from placements.operations.gias import import_gias

SAID = {
    "new": "new",
    "changed": "changed",
    "closed": "closed since",
    "unchanged": "unchanged",
    "left_out": "left out (outside England, or children’s centres)",
    "unclassified": "of a type that has no setting yet",
    "error": "not read",
}


class Command(BaseCommand):
    help = "Bring in schools from a GIAS file (edubasealldata….csv), as the schools page does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                run = import_gias(opened, file_name=file.name)
        except (OSError, Refused) as problem:
            raise CommandError(str(problem)) from problem
        for row in run.rows:
            if row["state"] == "error":
                self.stderr.write(f"Line {row['line']}: {row['message']}")
        for count, words in SAID.items():
            if run.counts.get(count):
                self.stdout.write(f"{run.counts[count]:>7,} {words}")
