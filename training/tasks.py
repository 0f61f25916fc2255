"""What runs by the clock."""

from celery import shared_task

from dlp.outbox.watch.jobs import once_a_day
from training import requirements


@shared_task(expires=890, soft_time_limit=540, time_limit=600)
def compare_plans_with_registers() -> None:
    """Once a night: see that plans say what sessions and registers do. Safe to run any number of times."""
    once_a_day("requirements", lambda: {"repaired": requirements.sweep()})
