"""News for staff: changes to participations, and files brought in, since they last looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse

from cohorts.models import ImportRun, ParticipationChange, Person
from cohorts.names import name_facts, name_of
from dlp import news, words
from dlp.http import addresses
from dlp.news import Item, Matter

Kind = ParticipationChange.Kind
RowState = ImportRun.RowState
SAID = {
    Kind.OFFERED: ("was offered a place", "were offered a place"),
    Kind.ACCEPTED: ("accepted the place", "accepted the place"),
    Kind.DECLINED: ("declined the place", "declined the place"),
    Kind.STARTED: ("started", "started"),
    Kind.DEFERRED: ("deferred", "deferred"),
    Kind.REVIEWED: ("has other days for the deferral", "have other days for their deferral"),
    Kind.RESUMED: ("resumed", "resumed"),
    Kind.TRANSFERRED: ("changed cohort", "changed cohort"),
    Kind.COMPLETED: ("completed the programme", "completed the programme"),
    Kind.WITHDRAWN: ("withdrew", "withdrew"),
    Kind.REINSTATED: ("was reinstated", "were reinstated"),
}


def for_staff(person: Person, since: datetime) -> list[Matter]:
    """Changes that others recorded, never why, and people imported by others."""
    undone = ParticipationChange.objects.filter(undoes=OuterRef("pk"))
    steps = (
        ParticipationChange.objects.visible_to(person)
        .filter(~Exists(undone), recorded_at__gt=since, undoes=None)
        .exclude(by=person)
        .order_by("-recorded_at", "-pk")
    )
    told = JSONObject(
        participation_id="participation_id",
        person_id="participation__person_id",
        name=name_facts("participation__person__"),
        cohort="participation__cohort__name",
        cohort_id="participation__cohort_id",
        kind="kind",
        changed_at="recorded_at",
    )
    brought = imports(ImportRun.Kind.PEOPLE, _of_people, "cohorts:import_run", person, since)
    return [Matter(steps, told, _steps), brought]


def _of_people(counts: dict[str, int]) -> str:
    new = words.count(counts.get(RowState.NEW, 0), "new person", "new people")
    return f"{new}, {counts.get(RowState.MATCHES, 0)} matched."


def imports(
    kind: ImportRun.Kind,
    said: Callable[[dict[str, int]], str],
    url_name: str,
    person: Person,
    since: datetime,
) -> Matter:
    """Files of one kind that others brought in; `said` puts the counts into words."""
    runs = (
        ImportRun.objects.visible_to(person)
        .filter(kind=kind, state=ImportRun.State.APPLIED, applied_at__gt=since)
        .exclude(applied_by=person)
        .order_by("-applied_at")
    )

    def items(rows: list[Any]) -> list[Item]:
        return [
            Item(
                about=f"import:{one.pk}",
                at=one.applied_at,
                sign="rest",
                title=f"{one.file_name} was brought in",
                detail=said(one.counts),
                url=reverse(url_name, args=[one.pk]),
            )
            for one in rows
        ]

    told = JSONObject(pk="pk", file_name="file_name", counts="counts", applied_at="applied_at")
    return Matter(runs, told, items)


def _steps(rows: list[Any]) -> list[Item]:
    return news.latest_of_each(
        rows,
        thing=lambda one: one.participation_id,
        alike=lambda one: (one.kind, one.cohort_id),
        of_one=_step,
        of_many=_steps_alike,
    )


def _step(one: Any) -> Item:
    return Item(
        about=f"participation:{one.participation_id}",
        at=one.changed_at,
        sign="rest",
        title=f"{name_of(one.name)} {SAID[one.kind][0]}",
        detail=f"{one.cohort}.",
        url=addresses("home:person")(one.person_id),
    )


def _steps_alike(ones: list[Any]) -> Item:
    """Many changes of one kind in one cohort, as one item."""
    newest = ones[0]
    return Item(
        about=f"participations:{newest.kind}:{newest.cohort_id}",
        at=newest.changed_at,
        sign="rest",
        title=f"{words.in_words(len(ones)).capitalize()} people {SAID[newest.kind][1]}",
        detail=f"{newest.cohort}.",
        url=addresses("home:cohort")(newest.cohort_id),
    )


def register() -> None:
    news.register("staff", for_staff)
