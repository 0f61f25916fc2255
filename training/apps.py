from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from dlp import attention
        from dlp.outbox import planning
        from training import letters, reminders
        from training.attention import lines

        attention.register(lines)
        letters.register()
        planning.register_sweeper(reminders.sweep)
