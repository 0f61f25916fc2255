from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CohortsConfig(AppConfig):
    name = "cohorts"

    def ready(self) -> None:
        from cohorts import (
            attention,
            audience,
            completion,
            evidence,
            letters,
            merging,
            news,
            permissions,
            plan_pages,
            reminders,
            subjects,
            timeline,
        )
        from cohorts.imports import since
        from cohorts.operations.people import note_bounce, out_of_reach
        from cohorts.operations.requirements import BY_HAND
        from dlp.outbox import bounces
        from dlp.outbox.plans import sweeping
        from dlp.signin import groups, second_factor

        evidence.register(BY_HAND, plan_pages.page_of_item)
        second_factor.register(permissions.is_staff)
        for name in (permissions.PROGRAMME_LEAD, permissions.COORDINATOR):
            groups.register(name, ("view", "add", "change"))
        for name in (
            permissions.SAFEGUARDING_LEAD,
            permissions.READ_ONLY,
        ):
            groups.register(name, ("view",))
        readings = ["audit.view_accessrecord", "audit.view_exportrecord"]
        groups.register(permissions.DATA_PROTECTION_LEAD, ("view",), also=readings)
        since.register_ours()
        attention.register()
        news.register()
        letters.register()
        audience.register()
        subjects.register()
        timeline.register()
        merging.register()
        bounces.register(note_bounce, asked=out_of_reach)
        completion.register(completion.final_review())
        sweeping.register(reminders.PLANNER)
        post_migrate.connect(add_default_plan, sender=self)


def add_default_plan(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Write the default plan after every migration and flush; what staff changed stays."""
    from cohorts.default_plan import ensure_defaults

    ensure_defaults(using)
