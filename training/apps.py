from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from dlp.signin import second_factor
        from training.permissions import is_supervisor

        second_factor.register(is_supervisor)
