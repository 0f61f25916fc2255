from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OutboxConfig(AppConfig):
    name = "dlp.outbox"
    verbose_name = "Letters"

    def ready(self) -> None:
        from dlp import attention
        from dlp.outbox import checks, letters, merging, timeline  # noqa: F401
        from dlp.outbox.attention import lines
        from dlp.outbox.watch import canary

        attention.register(lines)
        letters.register()
        timeline.register()
        canary.register()
        merging.register()
        post_migrate.connect(add_default_leads, sender=self)


def add_default_leads(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Reference data after every migration and flush; what staff changed or switched off stays."""
    from dlp.outbox.plans.leads import ensure_defaults

    ensure_defaults(using)
