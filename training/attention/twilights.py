"""Attention lines about twilights: ideas to answer, and sessions without a presenter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject, Now

from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter
from dlp.http import addresses
from dlp.words import from_today
from training.attention.facts import ABOUT_SESSION, AREA, about
from training.models import Presenter, Session, Stage, TwilightIdea

PRESENTER_NOTICE = timedelta(days=60)


def matters(today: date) -> list[Matter]:
    return [
        ideas_waiting(today),
        presenters_missing(today),
    ]


def ideas_waiting(today: date) -> Matter:
    """Ideas for twilights that nobody has answered."""
    waiting = TwilightIdea.objects.filter(state=Stage.PROPOSED).order_by("proposed_at")

    def line(idea: Any) -> Line:
        return Line(
            key=f"idea:{idea.pk}",
            sign="due",
            title=f"An idea for a twilight: {idea.title}",
            detail=f"{name_of(idea.who)} proposed it {from_today(idea.proposed_at, today=today)}.",
            url=addresses("training:idea")(idea.pk),
            action="Answer it",
            area=AREA,
        )

    facts = JSONObject(
        pk="pk", title="title", proposed_at="proposed_at", who=name_facts("proposed_by__")
    )
    return Matter(waiting, facts, line)


def presenters_missing(today: date) -> Matter:
    """Published sessions within two months whose presenters have all said no."""
    asked = Presenter.objects.filter(session=OuterRef("pk"))
    near = Session.objects.published().filter(starts_at__range=(Now(), Now() + PRESENTER_NOTICE))
    without = near.filter(Exists(asked), ~Exists(asked.standing()))

    def line(session: Any) -> Line:
        title = f"Nobody presents: {session.title}"
        return about(session, "session-presenters", title, "Ask somebody", today)

    return Matter(without, JSONObject(**ABOUT_SESSION), line)
