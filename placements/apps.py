from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "placements"

    def ready(self) -> None:
        from dlp import attention
        from placements.attention import lines

        attention.register(lines)
