"""Celery tasks, run by beat."""

from celery import shared_task
from django.utils import timezone

from cohorts.imports.erasing import erase_old
from cohorts.operations.duplicates import compare_everybody
from cohorts.operations.merges import gather_stragglers
from cohorts.operations.photos import erase_left_behind
from cohorts.operations.settling import apply_due_changes


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def apply_changes_of_today() -> int:
    """Apply changes recorded for today or earlier. Safe to run any number of times."""
    return apply_due_changes(timezone.localdate())


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def erase_old_imports() -> int:
    """Erase what files held, as the privacy policy says when. Safe to run any number of times."""
    return erase_old(timezone.now())


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def erase_photos_left_behind() -> int:
    """Erase photos that nobody shows any more. Safe to run any number of times."""
    return erase_left_behind()


@shared_task(expires=590, soft_time_limit=540, time_limit=600)
def compare_people() -> int:
    """Find people who may be one and the same. Safe to run any number of times."""
    return compare_everybody()


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def gather_what_merges_left() -> int:
    """Move rows written while two records were being merged. Safe to run any number of times."""
    return gather_stragglers()
