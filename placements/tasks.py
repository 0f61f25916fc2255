"""What runs by the clock."""

from celery import shared_task
from django.utils import timezone

from placements.operations import gias, partnerships
from placements.operations.settling import settle_due


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def settle_placements() -> None:
    """Begin and close what is due today. Safe to run any number of times."""
    settle_due(timezone.localdate())


@shared_task(expires=55, soft_time_limit=540, time_limit=600)
def carry_on_imports() -> int:
    """Read or bring in the GIAS files that wait. Safe to run any number of times and at once."""
    return gias.carry_on()


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def forget_old_files() -> int:
    """Remove uploaded files that are done, or were left for a week. Safe to run any number of times."""
    return gias.forget_old_files(timezone.now())


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def erase_agreements_left_behind() -> int:
    """Erase papers that no agreement names any more. Safe to run any number of times."""
    return partnerships.erase_left_behind()
