"""Celery: doorbells and background work. Nothing is kept in it; Postgres is the only queue of record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")

app = Celery("dlp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
