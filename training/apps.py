from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models import Q
from django.db.models.signals import post_migrate


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from cohorts import evidence
        from cohorts.imports import since
        from cohorts.operations import reporters
        from dlp.outbox import feeds
        from training import (
            audience,
            certificate_reports,
            completion,
            feed,
            merging,
            requirements,
            timeline,
        )
        from training.audience import asked_since, certified_since
        from training.operations import leaving
        from training.operations.certificates import settle_anew

        since.register("They were asked to a session since.", asked_since)
        since.register("A certificate of theirs was handed in since.", certified_since)
        completion.register()
        audience.register()
        timeline.register()
        reporters.register(requirements.report_on)
        reporters.register(leaving.follow)
        reporters.register(settle_anew)
        feeds.register(feed.entries)
        evidence.register(requirements.SOURCE, requirements.evidence)
        evidence.register(certificate_reports.SOURCE, certificate_reports.evidence)
        merging.register()
        register_what_waits_and_is_new()
        register_letters()
        post_migrate.connect(add_default_rules, sender=self)


def register_what_waits_and_is_new() -> None:
    from dlp import attention, news
    from training.attention import lines
    from training.news import bookings, certificates, days_out, groups, sessions

    attention.register(lines)
    for room in (bookings, sessions):
        news.register("staff", room.for_staff)
    for told in (sessions, certificates):
        news.register("participants", told.for_participants)
    for leading in (groups, sessions, bookings):
        news.register("leading", leading.for_those_who_lead)
    news.register("school leads", days_out.for_school_leads)


def register_letters() -> None:
    from dlp.outbox.plans import session_kinds, subjects, sweeping
    from dlp.outbox.watch import gauges
    from training import certificate_reminders, letters, missing_letters, names, reminders
    from training.models import Kind, Session

    letters.register()
    names.register()
    gauges.register(missing_letters.gauge)
    session_kinds.register(Kind.choices)
    sweeping.register(reminders.PLANNER)
    sweeping.register(certificate_reminders.PLANNER)
    called_off = Q(state__in=Session.CALLED_OFF)
    subjects.register(subjects.Subject(reminders.SUBJECT, Session, called_off))


def add_default_rules(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Write the default rules after every migration and flush; what staff changed stays."""
    from training.default_rules import ensure_defaults

    ensure_defaults(using)
