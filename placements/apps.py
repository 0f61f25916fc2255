from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "placements"

    def ready(self) -> None:
        from cohorts import evidence
        from cohorts.operations import followers, reporters
        from cohorts.planning import anchors
        from dlp import attention, news
        from dlp.outbox import bounces
        from dlp.outbox.plans import sweeping
        from placements import (
            completion,
            letters,
            locating,
            merging,
            reminders,
            school_timeline,
            subjects,
            timeline,
        )
        from placements import news as placement_news
        from placements.attention import lines
        from placements.day_one import letters as day_one_letters
        from placements.day_one import planning as day_one_planning
        from placements.models import Placement
        from placements.operations.reviews import SOURCE, page_of
        from placements.operations.schools import note_bounce

        attention.register(lines)
        bounces.register(note_bounce)
        anchors.register_placement_starts(Placement.objects.first_days)
        evidence.register(SOURCE, page_of)
        locating.register()
        news.register("staff", placement_news.for_staff)
        news.register("participants", placement_news.for_participants)
        news.register("school leads", placement_news.for_school_leads)
        timeline.register()
        school_timeline.register()
        merging.register()
        completion.register()
        letters.register()
        day_one_letters.register()
        subjects.register()
        sweeping.register(reminders.PLANNER)
        sweeping.register(day_one_planning.PLANNER)
        followers.register(reminders.plan_of)
        reporters.register(reminders.plan_of_people)
