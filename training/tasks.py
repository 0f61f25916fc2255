"""Celery tasks, run by beat."""

from celery import shared_task

from training import requirements
from training.operations import certificates, materials, waiting


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def compare_plans_with_registers() -> None:
    """Report registers that are due; once a night, compare all bookings with the plans.

    Safe to run any number of times.
    """
    requirements.report_registers_due()
    requirements.sweep_at_night()


@shared_task(expires=110, soft_time_limit=90, time_limit=100)
def settle_waiting_lists() -> int:
    """End offers that are over and make the next. Safe to run any number of times."""
    return waiting.settle_all()


@shared_task(expires=3590, soft_time_limit=540, time_limit=600)
def erase_files_left_behind() -> int:
    """Erase files that no row refers to, and those that have proved nothing for a year.

    Safe to run any number of times.
    """
    left = materials.erase_left_behind() + certificates.erase_left_behind()
    return left + certificates.erase_old_files()
