"""Celery: doorbells and background work. It stores nothing; Postgres is the only queue of record."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process

from dlp.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")

app = Celery("dlp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = SCHEDULE


@worker_before_create_process.connect
def share_memory(**_: Any) -> None:
    """What is loaded by now is not looked at by collections of garbage, so that it stays shared."""
    gc.freeze()
