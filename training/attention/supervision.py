"""Attention lines about supervision: groups without a next session, members who have left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject, Now
from django.urls import reverse

from cohorts.models import Participation
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from training.attention.facts import AREA
from training.models import GroupMember, Session, SupervisionGroup


def matters(today: date) -> list[Matter]:
    return [
        groups_without_session(today),
        members_who_left(today),
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


def members_who_left(today: date) -> Matter:
    """Members of a group who withdrew from the programme or died.

    They are taken off its sessions at once, but staff and the supervisor say when they leave it.
    """
    withdrew = Participation.objects.away().filter(state=Participation.State.WITHDRAWN)
    gone = GroupMember.objects.current_on(today).filter(
        Q(person__in=withdrew.values("person")) | Q(person__died_on__isnull=False),
        group__in=SupervisionGroup.objects.current_on(today),
    )

    def line(member: Any) -> Line:
        what = "died" if member.died_on else "left the programme"
        return Line(
            key=f"member-left:{member.pk}",
            sign="due",
            title=f"{name_of(member.person)} is still in {member.group}",
            detail=f"They {what}. Speak to the supervisor, then record when it ended.",
            url=addresses("training:member_end")(member.pk),
            action="End their time in it",
            area=AREA,
            owners=owned_by(member.owner),
        )

    facts = JSONObject(
        pk="pk",
        person=name_facts("person__"),
        died_on="person__died_on",
        group="group__name",
        owner="group__cohort__coordinator_id",
    )
    return Matter(gone, facts, line)
