from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dlp.outbox.watch import invariants


class Command(BaseCommand):
    help = (
        "Look whether what must be true of the letters is true, and change nothing. "
        "Ends with 1 where something is not; the keys of the first letters are named."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(invariants.findings())
        for finding in found:
            self.stdout.write(str(finding))
        if count := sum(not finding.holds for finding in found):
            raise CommandError(f"{count} of {len(found)} do not hold.")
