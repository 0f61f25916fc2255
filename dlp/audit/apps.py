from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dlp.audit"

    def ready(self) -> None:
        from dlp.audit import merging

        merging.register()
