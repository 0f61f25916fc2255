from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "dlp.outbox"
