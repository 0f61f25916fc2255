"""News for supervisors: who joined or leaves their group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp import news, words
from dlp.news import Item, Matter
from training.models import GroupMember


def for_those_who_lead(person: Person, since: datetime) -> list[Matter]:
    events = news.events_of(GroupMember).filter(pgh_obj=OuterRef("pk"), pgh_created_at__gt=since)
    others = news.by_others(events, person).order_by("-pgh_id")
    rows = (
        GroupMember.objects.visible_to(person)
        .filter(group__supervisor=person)
        .annotate(changed_at=Subquery(others.values("pgh_created_at")[:1]))
        .filter(changed_at__isnull=False)
        .order_by("-changed_at")
    )
    told = JSONObject(
        pk="pk",
        name=name_facts("person__"),
        group="group__name",
        group_id="group_id",
        starts_on="starts_on",
        ends_on="ends_on",
        then=news.as_of(since, GroupMember, JSONObject(ends_on="ends_on")),
        changed_at="changed_at",
    )
    return [Matter(rows, told, _items)]


def _items(rows: list[Any]) -> list[Item]:
    return [item for one in rows if (item := _item(one))]


def _item(one: Any) -> Item | None:
    name = name_of(one.name)
    if one.then is None and one.ends_on is None:
        title, detail = f"{name} joined {one.group}", f"From {words.plain_day(one.starts_on)}."
    elif one.ends_on is not None and one.then is not None and one.then["ends_on"] is None:
        title = f"{name} leaves {one.group}"
        detail = f"The last day is {words.plain_day(one.ends_on)}."
    else:
        return None
    return Item(
        about=f"member:{one.pk}",
        at=one.changed_at,
        sign="soon",
        title=title,
        detail=detail,
        url=reverse("training:group", args=[one.group_id]),
    )
