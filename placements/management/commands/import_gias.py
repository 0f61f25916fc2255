"""Import the files that anybody can download from Get Information About Schools."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cohorts.models import ImportRun
from dlp.errors import Refused
from placements.gias.saying import sentences
from placements.operations.gias import import_gias


class Command(BaseCommand):
    help = "Bring in schools from a GIAS file (edubasealldata….csv), as the schools page does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--links", type=Path, help="the links file (links_edubasealldata….csv)")

    def handle(self, *args: Any, file: Path, links: Path | None, **options: Any) -> None:
        try:
            run = self._bring_in(file, links)
        except (OSError, Refused) as problem:
            raise CommandError(str(problem)) from problem
        for row in run.rows:
            if row["state"] == "error":
                of_links = "Links, line" if row["sort"] == "links" else "Line"
                self.stderr.write(f"{of_links} {row['line']}: {row['message']}")
        self.stdout.write("\n".join(sentences(run.counts)))

    def _bring_in(self, file: Path, links: Path | None) -> ImportRun:
        with ExitStack() as stack:
            schools = stack.enter_context(file.open("rb"))
            followers = stack.enter_context(links.open("rb")) if links else None
            return import_gias(schools, file_name=file.name, links=followers)
