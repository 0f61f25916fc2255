"""Attention lines about supervision: groups without a next session."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject, Now
from django.urls import reverse

from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from training.attention.facts import AREA
from training.models import Session, SupervisionGroup


def matters(today: date) -> list[Matter]:
    return [
        groups_without_session(today),
    ]


def groups_without_session(today: date) -> Matter:
    ahead = Session.objects.filter(group=OuterRef("pk"), starts_at__gt=Now()).exclude(
        state=Session.State.CANCELLED
    )
    idle = SupervisionGroup.objects.current_on(today).filter(~Exists(ahead))

    plan = f"{reverse('training:series_add')}?kind=supervision&group="

    def line(group: Any) -> Line:
        return Line(
            key=f"group-idle:{group.pk}",
            sign="due",
            title=f"No next session: {group.name}",
            detail=f"Supervision with {name_of(group.supervisor)}.",
            url=f"{plan}{group.pk}",
            action="Plan sessions",
            area=AREA,
            owners=owned_by(group.owner),
        )

    facts = JSONObject(
        pk="pk",
        name="name",
        supervisor=name_facts("supervisor__"),
        owner="cohort__coordinator_id",
    )
    return Matter(idle, facts, line)
