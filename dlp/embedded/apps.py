from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "dlp.embedded"

    def ready(self) -> None:
        """Load our Celery app in this process, so that `shared_task` finds the broker.

        Not in `dlp/__init__.py`: the supervisor imports the package too, and stays small without
        it.
        """
        from dlp import celery  # noqa: F401
        from dlp.embedded import checks  # noqa: F401
