"""News about somebody's certificates since they last looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.functions import JSONObject

from cohorts.models import Person
from dlp.http import addresses
from dlp.news import Item, Matter, Sign
from dlp.words import plain_day
from training.models import Certificate

State = Certificate.State
SOME = 20


def for_participants(person: Person, since: datetime) -> list[Matter]:
    """Certificates reviewed by others, or issued to them from a register."""
    looked_at = Certificate.objects.filter(person=person, reviewed_at__gt=since)
    told = JSONObject(
        pk="pk",
        title="title",
        provider="provider",
        completed_on="completed_on",
        state="state",
        session="session_id",
        note="note",
        reviewed_at="reviewed_at",
    )
    return [Matter(looked_at.order_by("-reviewed_at", "-pk"), told, _items, SOME)]


def _items(rows: list[Any]) -> list[Item]:
    return [_item(one) for one in rows]


def _item(one: Any) -> Item:
    sign, title, detail = _said(one)
    return Item(
        about=f"certificate:{one.pk}",
        at=one.reviewed_at,
        sign=sign,
        title=title,
        detail=detail,
        url=addresses("training:certificate")(one.pk),
    )


def _said(one: Any) -> tuple[Sign, str, str]:
    if one.state == State.REJECTED:
        return (
            "bad",
            f"Your certificate does not count: {one.title}",
            f"“{one.note}” Hand it in anew.",
        )
    detail = f"{one.provider}, completed on {plain_day(one.completed_on)}."
    if one.session:
        return "good", f"You have your certificate of {one.title}", detail
    return "good", f"Your certificate is accepted: {one.title}", detail
