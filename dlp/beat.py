"""Celery's beat alone, for `celery --app dlp.beat beat`.

It rings tasks by their names and runs none, so it loads neither Django nor the apps: 60 MB less.
"""

import os

from celery import Celery

from dlp.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")

app = Celery("dlp", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
