"""What runs by the clock."""

from celery import shared_task
from django.utils import timezone

from placements.operations.placements import settle_due


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def settle_placements() -> None:
    """Begin and close what is due today. Safe to run any number of times."""
    settle_due(timezone.localdate())
