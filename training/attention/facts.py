"""The facts that all attention lines about sessions need."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from cohorts.models import Cohort
from dlp.attention import Line, owned_by
from dlp.http import addresses
from dlp.words import from_today, when

AREA = "Training"
ABOUT_SESSION = {
    **{name: name for name in ("pk", "title", "starts_on", "starts_at", "ends_at")},
    "coordinators": ArraySubquery(
        Cohort.objects.filter(sessions=OuterRef("pk")).order_by().values("coordinator")
    ),
    "group_coordinator": "group__cohort__coordinator_id",
}


def about(session: Any, key: str, title: str, action: str, today: date) -> Line:
    return Line(
        key=f"{key}:{session.pk}",
        sign="due",
        title=title,
        detail=when_of(session, today),
        url=addresses("training:session")(session.pk),
        action=action,
        area=AREA,
        owners=coordinators(session),
    )


def coordinators(session: Any) -> tuple[int, ...]:
    """The coordinators of a session's cohorts, or of the cohorts of its group."""
    return owned_by(*session.coordinators, session.group_coordinator)


def when_of(session: Any, today: date) -> str:
    return (
        f"{when(session.starts_at, session.ends_at)}, {from_today(session.starts_on, today=today)}."
    )
