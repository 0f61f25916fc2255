"""Apply the changes that are due, as the nightly task does."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cohorts.operations.settling import apply_due_changes
from dlp import words


class Command(BaseCommand):
    help = "Lets changes to participations that were recorded ahead of their day take effect."

    def handle(self, *args: Any, **options: Any) -> None:
        count = apply_due_changes(timezone.localdate())
        self.stdout.write(f"Changes took effect for {words.count(count, 'person', 'people')}.")
