"""The web application, for gunicorn, which loads it once and then forks its workers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")

application = get_wsgi_application()

# What is loaded by now is not looked at by collections of garbage, so that workers share its memory.
gc.collect()
gc.freeze()
