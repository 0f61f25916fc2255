"""Celery tasks, run by beat."""

from celery import shared_task
from django.utils import timezone

from placements.operations import gias, partnerships
from placements.operations.settling import settle_due


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def settle_placements() -> None:
    """Begin and close placements that are due. Safe to run any number of times."""
    settle_due(timezone.localdate())


@shared_task(expires=55, soft_time_limit=540, time_limit=600)
def carry_on_imports() -> int:
    """Work on GIAS files that wait. Safe to run any number of times, in parallel."""
    return gias.carry_on()


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def forget_old_files() -> int:
    """Remove uploads that are done, or abandoned for a week. Safe to run any number of times."""
    return gias.forget_old_files(timezone.now())


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def erase_agreements_left_behind() -> int:
    """Erase papers that no agreement refers to. Safe to run any number of times."""
    return partnerships.erase_left_behind()
