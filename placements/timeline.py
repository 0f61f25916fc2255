"""Timeline events of a person: their placements and the reviews of them."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import JSONObject
from django.urls import reverse

from cohorts.models import Person
from dlp import timeline, words
from dlp.timeline import Event, Source
from placements.models import Pencil, Placement, PlacementChange, Review
from placements.models.schools import SHOWN_PLACEMENT_STATES
from placements.permissions import can_see_history

State = Placement.State
SAID = {
    State.PROPOSED: "Proposed for a placement at {host}",
    State.OFFERED: "Offered a placement at {host}",
    State.ACCEPTED: "Placement at {host} agreed by both sides",
    State.CONFIRMED: "Placement at {host} confirmed",
    State.ACTIVE: "Placement at {host} goes on from {day}",
    State.PAUSED: "Placement at {host} paused from {day}",
    State.COMPLETED: "Placement at {host} completed on {day}",
    State.DECLINED: "Placement at {host} declined",
    State.WITHDRAWN: "Placement at {host} withdrawn",
    State.ENDED_EARLY: "Placement at {host} ends early, on {day}",
}


def placements(viewer: Person, about: Person) -> list[Source]:
    """Each step; only staff are told who took it and why, and of mere proposals (R-PLC-05)."""
    rows = PlacementChange.objects.visible_to(viewer).filter(placement__participation__person=about)
    told = {
        "state": "state",
        "host": "placement__host_name",
        "placement": "placement_id",
        "effective_on": "effective_on",
        "moved_from": "moved_from__name",
        "moved_to": "placement__school__name",
        "starts_before_on": "starts_on_before",
        "ends_before_on": "ends_on_before",
    }
    if can_see_history(viewer):
        told |= {"by": "by_id", "why": "reason", "because": "because"}
    else:
        rows = rows.filter(state__in=SHOWN_PLACEMENT_STATES)
    thoughts = _pencils(viewer, about) if can_see_history(viewer) else []
    return [Source(rows, "recorded_at", JSONObject(**told), _step), *thoughts]


def reviews(viewer: Person, about: Person) -> list[Source]:
    """Reviews written up and not withdrawn, and the leader's answers."""
    rows = (
        Review.objects.standing().visible_to(viewer).filter(placement__participation__person=about)
    )
    told = {"review": "requirement__name", "pk": "pk", "held_on": "held_on"}
    agreed = rows.filter(state=Review.State.AGREED)
    return [
        Source(rows, "written_at", JSONObject(**told, by="written_by_id"), _written),
        Source(agreed, "answered_at", JSONObject(**told), _agreed),
    ]


def _pencils(viewer: Person, about: Person) -> list[Source]:
    """Posts for which staff pencilled them in, and when that ended."""
    rows = Pencil.objects.visible_to(viewer).filter(participation__person=about)
    told = {
        "opening": "opening_id",
        "school": "opening__school__name",
        "until_on": "expires_on",
        "why": "override_reason",
    }
    over = rows.filter(rubbed_out_at__isnull=False, placement=None)
    return [
        Source(rows, "made_at", JSONObject(**told, by="made_by_id"), _pencilled),
        Source(over, "rubbed_out_at", JSONObject(**told, by="rubbed_out_by_id"), _rubbed_out),
    ]


def _pencilled(one: Any) -> Event:
    return Event(
        f"Pencilled for a post at {one.school}, until {words.plain_day(one.until_on)}.",
        by=one.by,
        reason=one.why,
        url=reverse("placements:opening", args=[one.opening]),
    )


def _rubbed_out(one: Any) -> Event:
    return Event(
        f"Pencil for a post at {one.school} rubbed out.",
        by=one.by,
        url=reverse("placements:opening", args=[one.opening]),
    )


def _written(one: Any) -> Event:
    return Event(
        f"{one.review} written down: held on {words.plain_day(one.held_on)}.",
        by=one.by,
        url=reverse("placements:review", args=[one.pk]),
    )


def _agreed(one: Any) -> Event:
    return Event(
        f"Agreed to what was written of: {one.review}.",
        url=reverse("placements:review", args=[one.pk]),
    )


def _step(one: Any) -> Event:
    day = words.plain_day(one.effective_on)
    said = SAID[State(one.state)].format(host=one.host, day=day)
    if one.moved_from:
        said = f"Placement moved from {one.moved_from}, which closed, to {one.moved_to} on {day}"
    elif one.starts_before_on:
        said = f"Days at {one.host} changed{days_before(one)}"
    why = getattr(one, "why", "")
    return Event(
        f"{said}.",
        by=getattr(one, "by", None),
        reason=f"{PlacementChange.Reason(why).label}." if why else getattr(one, "because", ""),
        url=reverse("home:placement", args=[one.placement]),
    )


def days_before(one: Any) -> str:
    """The days until a change, and whether both sides were asked again."""
    asked = ", and both sides asked again" if one.state == State.OFFERED else ""
    return f"{asked}; they were {words.span(one.starts_before_on, one.ends_before_on)}"


def register() -> None:
    timeline.register("placements", "Placements", placements)
    timeline.register("reviews", "Placement reviews", reviews)
