"""What beat asks for."""

from celery import shared_task
from django.utils import timezone

from cohorts.operations.settling import apply_due_changes


@shared_task
def apply_changes_of_today() -> int:
    """Let changes recorded ahead take effect. Safe to run any number of times."""
    return apply_due_changes(timezone.localdate())
