from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from dlp import attention
        from dlp.outbox import planning, session_kinds
        from dlp.signin import second_factor
        from training import letters, reminders
        from training.attention import lines
        from training.models import Kind
        from training.permissions import is_supervisor

        second_factor.register(is_supervisor)
        attention.register(lines)
        letters.register()
        session_kinds.register(Kind.choices)
        planning.register_sweeper(reminders.sweep)
