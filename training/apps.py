from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from dlp.outbox import planning
        from training import letters, reminders

        letters.register()
        planning.register_sweeper(reminders.sweep)
