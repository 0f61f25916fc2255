from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"

    def ready(self) -> None:
        from cohorts import (
            attention,
            audience,
            letters,
            news,
            permissions,
            reminders,
            subjects,
            timeline,
        )
        from dlp.outbox.plans import sweeping
        from dlp.signin import groups, second_factor

        second_factor.register(permissions.is_staff)
        for name in (permissions.PROGRAMME_LEAD, permissions.COORDINATOR):
            groups.register(name, ("view", "add", "change"))
        for name in (
            permissions.SAFEGUARDING_LEAD,
            permissions.READ_ONLY,
        ):
            groups.register(name, ("view",))
        readings = ["audit.view_accessrecord"]
        groups.register(permissions.DATA_PROTECTION_LEAD, ("view",), also=readings)
        attention.register()
        news.register()
        letters.register()
        audience.register()
        subjects.register()
        timeline.register()
        sweeping.register(reminders.PLANNER)
