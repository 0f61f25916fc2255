"""News about placements, schools and imports since somebody last looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from cohorts.models import ImportRun, Person
from cohorts.names import name_facts, name_of
from cohorts.news import imports
from dlp import facts, news, words
from dlp.http import addresses
from dlp.news import Item, Matter
from placements.gias.saying import sentences
from placements.models import Clash, Placement, PlacementChange, Review, School, SchoolName
from placements.models.schools import SHOWN_PLACEMENT_STATES

State = Placement.State
TOLD = ("state", "starts_on", "ends_on")
DAYS = "days"
"""A pseudo-state: only the days changed."""
TO_STAFF = {
    DAYS: ("has other days in placement", "have other days in placement"),
    State.OFFERED: ("was offered a placement", "were offered a placement"),
    State.ACCEPTED: ("accepted a placement", "accepted a placement"),
    State.CONFIRMED: ("has a confirmed placement", "have a confirmed placement"),
    State.ACTIVE: ("is in placement", "are in placement"),
    State.PAUSED: ("is paused in placement", "are paused in placement"),
    State.COMPLETED: ("completed a placement", "completed a placement"),
    State.DECLINED: ("declined a placement", "declined a placement"),
    State.WITHDRAWN: ("is not placed after all", "are not placed after all"),
    State.ENDED_EARLY: ("left a placement early", "left a placement early"),
}
TO_LEADER = {
    State.OFFERED: "You are offered a placement at {host}",
    State.ACCEPTED: "Your placement at {host} is agreed",
    State.CONFIRMED: "Your placement at {host} is confirmed",
    State.ACTIVE: "Your placement at {host} goes on",
    State.PAUSED: "Your placement at {host} is paused",
    State.COMPLETED: "Your placement at {host} is complete",
    State.ENDED_EARLY: "Your placement at {host} ends early",
}
TO_SCHOOL = {
    State.OFFERED: "{leader} is offered a placement with you",
    State.ACCEPTED: "{leader} accepted the placement with you",
    State.CONFIRMED: "{leader} is coming to you",
    State.ACTIVE: "{leader} is with you",
    State.PAUSED: "{leader}’s placement with you is paused",
    State.COMPLETED: "{leader} completed the placement with you",
    State.ENDED_EARLY: "{leader}’s placement with you ends early",
}


def for_participants(person: Person, since: datetime) -> list[Matter]:
    """Changes of their placement, reviews that await their word, and a new name of their school."""
    theirs = Placement.objects.filter(
        participation__person=person, state__in=SHOWN_PLACEMENT_STATES
    )
    dates = "Your dates at {host} changed"
    placements = _placements(theirs, person, since, TO_LEADER, dates)
    return [placements, _reviews(theirs, since), _renamed(theirs, since)]


def for_school_leads(person: Person, since: datetime) -> list[Matter]:
    """Leaders coming to their schools, changed days, and answered clashes."""
    here = Placement.objects.visible_to(person).filter(school__in=School.objects.led_by(person))
    placements = _placements(here, person, since, TO_SCHOOL, "{leader}’s dates with you changed")
    return [placements, _answered(person, since)]


def _answered(person: Person, since: datetime) -> Matter:
    rows = Clash.objects.visible_to(person).filter(answered_at__gt=since).order_by("-answered_at")

    def items(rows: list[Any]) -> list[Item]:
        return [
            Item(
                about=f"clash:{one.pk}",
                at=one.answered_at,
                sign="good",
                title=f"{name_of(one.by)} has answered about {words.plain_day(one.falls_on)}",
                detail=f"“{one.answer}”" if one.answer else "They have seen that it clashes.",
                url=reverse("home:our_dates"),
            )
            for one in rows
        ]

    told = JSONObject(
        pk="pk", falls_on="day", answer="answer", answered_at="answered_at",
        by=name_facts("answered_by__"),
    )  # fmt: skip
    return Matter(rows, told, items)


def for_staff(person: Person, since: datetime) -> list[Matter]:
    """Changes that others recorded, and GIAS files that others brought in."""
    steps = (
        PlacementChange.objects.visible_to(person)
        .filter(recorded_at__gt=since, state__in=TO_STAFF, moved_from=None)
        .exclude(by=person)
        .order_by("-recorded_at", "-pk")
    )
    told = JSONObject(
        placement_id="placement_id",
        name=name_facts("placement__participation__person__"),
        host="placement__school__name",
        state=Case(When(starts_on_before=None, then="state"), default=Value(DAYS)),
        changed_at="recorded_at",
    )
    brought = imports(ImportRun.Kind.SCHOOLS, _of_schools, "placements:gias_run", person, since)
    return [Matter(steps, told, _steps), brought]


def _of_schools(counts: dict[str, int]) -> str:
    """Changes at our hosts first, then the first few others."""
    return " ".join(sentences(counts)[:2])


def _placements(
    placements: QuerySet[Placement],
    person: Person,
    since: datetime,
    said: dict[State, str],
    dates: str,
) -> Matter:
    events = news.events_of(Placement).filter(pgh_obj=OuterRef("pk"), pgh_created_at__gt=since)
    others = news.by_others(events, person).order_by("-pgh_id")
    rows = (
        placements.annotate(changed_at=Subquery(others.values("pgh_created_at")[:1]))
        .filter(changed_at__isnull=False)
        .order_by("-pk")
    )
    told = JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        host="school__name",
        then=news.as_of(since, Placement, JSONObject(**{name: name for name in TOLD})),
        changed_at="changed_at",
        **{name: name for name in TOLD},
    )
    return Matter(rows, told, _told(said, dates))


def _told(said: dict[State, str], dates: str) -> Callable[[list[Any]], list[Item]]:
    def items(rows: list[Any]) -> list[Item]:
        return [item for one in rows if (item := _difference(one, said, dates))]

    return items


def _difference(one: Any, said: dict[State, str], dates: str) -> Item | None:
    """The step that was taken, else the changed days; None if neither."""
    then = facts.row(one.then) if one.then else None
    knew = then is not None and then.state in SHOWN_PLACEMENT_STATES
    now = f"{words.span(one.starts_on, one.ends_on)}."
    moved = then is not None and (then.starts_on, then.ends_on) != (one.starts_on, one.ends_on)
    if then is None or not knew or then.state != one.state:
        title, detail = said[State(one.state)], now
    elif moved:
        title, detail = dates, f"{now} It was {words.span(then.starts_on, then.ends_on)}."
    else:
        return None
    return Item(
        about=f"placement:{one.pk}",
        at=one.changed_at,
        sign="due" if one.state in (State.PAUSED, State.ENDED_EARLY) else "soon",
        title=title.format(host=one.host, leader=name_of(one.leader)),
        detail=detail,
        url=addresses("home:placement")(one.pk),
    )


def _reviews(theirs: QuerySet[Placement], since: datetime) -> Matter:
    """Reviews written up by others that they have not answered."""
    rows = Review.objects.filter(
        placement__in=theirs.order_by(), state=Review.State.WITH_LEADER, written_at__gt=since
    )

    def items(rows: list[Any]) -> list[Item]:
        return [
            Item(
                about=f"review:{one.pk}",
                at=one.written_at,
                sign="due",
                title=f"{one.review}: say whether it was so",
                detail=f"Held on {words.plain_day(one.held_on)}, and written down since.",
                url=addresses("placements:review")(one.pk),
            )
            for one in rows
        ]

    told = JSONObject(
        pk="pk", review="requirement__name", held_on="held_on", written_at="written_at"
    )
    return Matter(rows.order_by("-written_at"), told, items)


def _renamed(theirs: QuerySet[Placement], since: datetime) -> Matter:
    """A school of theirs that has had another name since."""
    stay = theirs.live().filter(school=OuterRef("school"))  # type: ignore[attr-defined]
    names = SchoolName.objects.filter(Exists(stay), added_at__gt=since).order_by("-added_at")

    def items(rows: list[Any]) -> list[Item]:
        return [
            Item(
                about=f"renamed:{one.school_id}",
                at=one.added_at,
                sign="rest",
                title=f"Your school is now called {one.school}",
                detail=f"It was {one.name}.",
            )
            for one in rows
        ]

    told = JSONObject(
        school_id="school_id", school="school__name", name="name", added_at="added_at"
    )
    return Matter(names, told, items)


def _steps(rows: list[Any]) -> list[Item]:
    return news.latest_of_each(
        rows,
        thing=lambda one: one.placement_id,
        alike=lambda one: one.state,
        of_one=_step,
        of_many=_steps_alike,
    )


def _step(one: Any) -> Item:
    return Item(
        about=f"placement:{one.placement_id}",
        at=one.changed_at,
        sign="rest",
        title=f"{name_of(one.name)} {TO_STAFF[one.state][0]}",
        detail=f"{one.host}.",
        url=addresses("home:placement")(one.placement_id),
    )


def _steps_alike(ones: list[Any]) -> Item:
    """Many placements that reached the same state, as one item."""
    newest = ones[0]
    names = [name_of(one.name) for one in ones]
    return Item(
        about=f"placements:{newest.state}",
        at=newest.changed_at,
        sign="rest",
        title=f"{words.in_words(len(ones)).capitalize()} leaders {TO_STAFF[newest.state][1]}",
        detail=f"{words.named(names)}.",
        url=reverse("placements:schools"),
    )
