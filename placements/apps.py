from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "placements"

    def ready(self) -> None:
        from dlp import attention, news
        from placements import news as placement_news
        from placements import timeline
        from placements.attention import lines

        attention.register(lines)
        news.register("staff", placement_news.for_staff)
        news.register("participants", placement_news.for_participants)
        news.register("school leads", placement_news.for_school_leads)
        timeline.register()
