"""Timeline events of a school, for staff: agreements, people, posts and placements."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Case, Model, Q, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp import news, timeline, words
from dlp.timeline import BY, Event, Source, steps_in
from placements.models import (
    Clash,
    Handover,
    Opening,
    Partnership,
    Placement,
    PlacementChange,
    Review,
    School,
    SchoolContact,
    SchoolProfile,
)
from placements.models.openings import RoleTitle
from placements.timeline import days_before

FACTS = ("name", "status", "trust_id", "head_name", "setting")
"""Facts of a school that change what it is to us."""
PLACED = {
    Placement.State.PROPOSED: "{leader} proposed for a placement",
    Placement.State.OFFERED: "Placement of {leader} offered",
    Placement.State.ACCEPTED: "Placement of {leader} agreed by both sides",
    Placement.State.CONFIRMED: "Placement of {leader} confirmed",
    Placement.State.ACTIVE: "Placement of {leader} goes on from {day}",
    Placement.State.PAUSED: "Placement of {leader} paused from {day}",
    Placement.State.COMPLETED: "Placement of {leader} completed on {day}",
    Placement.State.DECLINED: "Placement of {leader} declined",
    Placement.State.WITHDRAWN: "Placement of {leader} withdrawn",
    Placement.State.ENDED_EARLY: "Placement of {leader} ends early, on {day}",
}


def placements(viewer: Person, school: School) -> list[Source]:
    """Each step of each placement, and the reviews that were written up."""
    here = Q(placement__school=school) | Q(moved_from=school)
    steps = PlacementChange.objects.visible_to(viewer).filter(here)
    written = Review.objects.standing().visible_to(viewer).filter(placement__school=school)
    leader = name_facts("placement__participation__person__")
    step = JSONObject(
        state="state", leader=leader, placement="placement_id", effective_on="effective_on",
        by="by_id", why="reason", because="because", starts_before_on="starts_on_before",
        ends_before_on="ends_on_before", moved_from="moved_from__name",
        moved_to=Case(When(~Q(moved_from=None), then="placement__school__name")),
    )  # fmt: skip
    review = JSONObject(
        title="requirement__name", leader=leader, pk="pk", held_on="held_on", by="written_by_id"
    )
    return [
        Source(steps, "recorded_at", step, _placed),
        Source(written, "written_at", review, _reviewed),
    ]


def _placed(one: Any) -> Event:
    said = PLACED[Placement.State(one.state)].format(
        leader=name_of(one.leader), day=words.plain_day(one.effective_on)
    )
    if one.moved_from:
        said = f"Placement of {name_of(one.leader)} moved from {one.moved_from} to {one.moved_to}"
    elif one.starts_before_on:
        said = f"Days of {name_of(one.leader)} changed{days_before(one)}"
    return Event(
        f"{said}.",
        by=one.by,
        reason=f"{PlacementChange.Reason(one.why).label}." if one.why else one.because,
        url=reverse("home:placement", args=[one.placement]),
    )


def _reviewed(one: Any) -> Event:
    said = f"{one.title} of {name_of(one.leader)} written down: held on "
    return Event(
        f"{said}{words.plain_day(one.held_on)}.",
        by=one.by,
        url=reverse("placements:review", args=[one.pk]),
    )


def agreements(viewer: Person, school: School) -> list[Source]:
    told = {"agreement": "agreement", "state": "state", "ends_on": "ends_on"}
    return [_history(viewer, Partnership, school, ["state", "ends_on", "agreement"], told, _agreed)]


def _agreed(one: Any) -> Event:
    then = one.then or {"state": "", "agreement": ""}
    if one.state != then["state"]:
        said = f"Agreement {Partnership.State(one.state).label.lower()}"
        if one.state == Partnership.State.ENDED and one.ends_on:
            said += f" on {words.plain_day(one.ends_on)}"
    elif one.agreement != then["agreement"]:
        said = "The file of the agreement was kept"
    elif one.ends_on:
        said = f"Agreement runs until {words.plain_day(one.ends_on)}"
    else:
        said = "Agreement runs without a last day"
    return Event(f"{said}.", by=one.by)


def contacts(viewer: Person, school: School) -> list[Source]:
    """Contacts who came and left, and the calls to their successors."""
    told = {
        "role": "role", "name": "name", "person": name_facts("person__"), "ends_on": "ends_on",
        "bounced": "bounced_email",
    }  # fmt: skip
    columns = ["role", "ends_on", "bounced_email"]
    calls = Handover.objects.visible_to(viewer).filter(school=school, welcomed_on__isnull=False)
    events = news.events_of(Handover).filter(pgh_obj__in=calls.values("pk"))
    called = steps_in(events, "welcomed_on").exclude(welcomed_on=None)
    return [
        _history(viewer, SchoolContact, school, columns, told, _contact),
        Source(called, "pgh_created_at", JSONObject(handover="id", by="by_id"), _welcomed),
    ]


def _contact(one: Any) -> Event:
    who = name_of(one.person) if one.person["full_name"] else one.name
    role = SchoolContact.Role(one.role).label
    if one.then is None:
        said = f"{who} is written down as {role}"
    elif one.now["bounced_email"] != one.then["bounced_email"]:
        said = f"Letters to {who} come back" if one.bounced else f"Letters to {who} arrive again"
    elif one.now["ends_on"] != one.then["ends_on"] and one.ends_on:
        said = f"{who}, {role}, until {words.plain_day(one.ends_on)}"
    else:
        said = f"{who} is {role}"
    return Event(f"{said}.", by=one.by)


def _welcomed(one: Any) -> Event:
    url = reverse("home:handover", args=[one.handover])
    return Event("Welcome call to whoever follows.", by=one.by, url=url)


def told_by_the_school(viewer: Person, school: School) -> list[Source]:
    """When the practical facts were confirmed, and which clashes were reported."""
    clashes = Clash.objects.visible_to(viewer).filter(school=school)
    told = JSONObject(falls_on="day", text="text", by="told_by_id")
    answer = JSONObject(falls_on="day", text="answer", by="answered_by_id")
    answered = clashes.exclude(answered_at=None)
    columns = [*SchoolProfile.ABOUT, "confirmed_on"]
    return [
        _history(viewer, SchoolProfile, school, columns, {}, _profile),
        Source(clashes, "told_at", told, partial(_clash, "Told of a clash on {day}")),
        Source(answered, "answered_at", answer, partial(_clash, "Clash on {day} answered")),
    ]


def _profile(one: Any) -> Event:
    then = one.then or {}
    changed = [name for name in SchoolProfile.ABOUT if one.now[name] != then.get(name, "")]
    changed = [name for name in changed if one.now[name] or then.get(name)]
    if not changed:
        return Event("What to know on day one is still true.", by=one.by)
    labels = [str(SchoolProfile._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    return Event(f"What to know on day one: {words.joined(labels)}.", by=one.by)


def _clash(said: str, one: Any) -> Event:
    return Event(f"{said.format(day=words.plain_day(one.falls_on))}.", by=one.by, reason=one.text)


def openings(viewer: Person, school: School) -> list[Source]:
    told = {"role": "role_title", "cohort": "cohort__name", "state": "state"}
    return [_history(viewer, Opening, school, ["state"], told, _opening)]


def _opening(one: Any) -> Event:
    post = f"{RoleTitle(one.role).label} for the {one.cohort}"
    return Event(f"Opening, {post}: {Opening.State(one.state).label.lower()}.", by=one.by)


def facts(viewer: Person, school: School) -> list[Source]:
    known = School.objects.visible_to(viewer).filter(pk=school.pk)
    events = news.events_of(School).filter(pgh_obj__in=known.values("pk"))
    told = JSONObject(now="now", then="then", by=BY)
    return [Source(steps_in(events, *FACTS), "pgh_created_at", told, _facts)]


def _facts(one: Any) -> Event:
    if one.then is None:
        return Event("Added to the schools the programme knows.", by=one.by)
    now, then = one.now, one.then
    said = []
    if now["name"] != then["name"]:
        said.append(f"{then['name']} is now called {now['name']}")
    if now["status"] != then["status"]:
        said.append(f"Is {School.Status(now['status']).label.lower()}")
    if now["trust_id"] != then["trust_id"]:
        said.append("Joined a trust" if now["trust_id"] else "Left its trust")
    if now["head_name"] != then["head_name"]:
        said.append(f"{now['head_name'] or 'Nobody'} is the head")
    return Event(f"{'. '.join(said) or 'Facts changed'}.", by=one.by)


def _history(
    viewer: Person,
    model: type[Model],
    school: School,
    columns: Sequence[str],
    told: dict[str, Any],
    say: Any,
) -> Source:
    """Changes of a school's rows of one model, from its history table."""
    seen = model._default_manager.visible_to(viewer).filter(school=school)  # type: ignore[attr-defined]
    events = news.events_of(model).filter(pgh_obj__in=seen.order_by().values("pk"))
    facts = JSONObject(now="now", then="then", by=BY, **told)
    return Source(steps_in(events, *columns), "pgh_created_at", facts, say)


def register() -> None:
    for kind, label, provider in (
        ("placements", "Placements", placements),
        ("agreements", "Agreements", agreements),
        ("contacts", "Contacts", contacts),
        ("told", "What the school told", told_by_the_school),
        ("openings", "Openings", openings),
        ("facts", "Facts", facts),
    ):
        timeline.register(kind, label, provider, of="school")
