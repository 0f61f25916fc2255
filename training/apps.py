from django.apps import AppConfig
from django.db.models import Q


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from cohorts import evidence
        from cohorts.imports import since
        from cohorts.operations import reporters
        from dlp import attention, news
        from dlp.outbox import feeds
        from dlp.outbox.plans import session_kinds, subjects, sweeping
        from dlp.outbox.watch import gauges
        from dlp.signin import second_factor
        from training import (
            audience,
            completion,
            feed,
            letters,
            letters_to_leaders,
            merging,
            names,
            reminders,
            requirements,
            timeline,
            untold,
        )
        from training.attention import lines
        from training.audience import asked_since
        from training.models import Kind, Session
        from training.news import bookings, days_out, groups, sessions
        from training.permissions import is_supervisor

        second_factor.register(is_supervisor)
        attention.register(lines)
        for room in (bookings, sessions):
            news.register("staff", room.for_staff)
        news.register("participants", sessions.for_participants)
        for leading in (groups, sessions, bookings):
            news.register("leading", leading.for_those_who_lead)
        news.register("school leads", days_out.for_school_leads)
        since.register("They were asked to a session since.", asked_since)
        letters.register()
        letters_to_leaders.register()
        names.register()
        completion.register()
        audience.register()
        timeline.register()
        reporters.register(requirements.report_on)
        feeds.register(feed.entries)
        evidence.register(requirements.SOURCE, requirements.evidence)
        gauges.register(untold.gauge)
        session_kinds.register(Kind.choices)
        sweeping.register(reminders.PLANNER)
        called_off = Q(state__in=Session.CALLED_OFF)
        subjects.register(subjects.Subject(reminders.SUBJECT, Session, called_off))
        merging.register()
