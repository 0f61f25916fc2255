"""What changed since somebody last looked at their home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cohorts.models import Person
from dlp import news, words
from dlp.home.operations import looks
from dlp.home.roles import Roles
from dlp.news import Audience, Item

SHOWN = 7


@dataclass(frozen=True)
class News:
    since: str
    items: list[Item]
    more: int


def part(person: Person, audiences: list[Audience], now: datetime) -> News | None:
    """Records the look. None on a first visit, and if there is no news."""
    looked_at = looks.note(person, now)
    if looked_at is None:
        return None
    earliest = now - news.LOOKED_BACK
    items = news.since(max(looked_at, earliest), person, audiences)
    if not items:
        return None
    last = words.moment(looked_at, today=words.as_day(now))
    return News(
        since=f"since {last}"
        if looked_at >= earliest
        else f"in the last {news.LOOKED_BACK.days} days; you looked {last}",
        items=items[:SHOWN],
        more=max(len(items) - SHOWN, 0),
    )


def audiences_of(roles: Roles) -> list[Audience]:
    """The audiences of somebody who is not staff; with several roles all of them."""
    told: list[tuple[bool, Audience]] = [
        (roles.participant, "participants"),
        (roles.supervisor or roles.facilitator, "leading"),
        (roles.school_lead, "school leads"),
    ]
    return [audience for holds, audience in told if holds]
