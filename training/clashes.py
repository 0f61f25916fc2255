"""The other sessions somebody attends or leads around the time of a session."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from dlp import words
from training.models import Booking, Kind, Mode, Session

NEAR = timedelta(minutes=60)
"""How long it may take to get from one place to another."""


class Around(NamedTuple):
    same: list[Session]
    """At the same time: nobody is in two places."""
    near: list[Session]
    """Elsewhere, and less than an hour before or after."""


def around(session: Session, person: int) -> Around:
    """Other published sessions near this one that they attend or lead. One query."""
    coming = Booking.objects.coming().filter(person=person).values("session")
    leading = Session.facilitators.through.objects.filter(person=person).values("session")
    found = list(
        Session.objects.published()
        .filter(starts_at__lt=session.ends_at + NEAR, ends_at__gt=session.starts_at - NEAR)
        .filter(pk__in=coming.union(leading, all=True))
        .exclude(pk=session.pk)
        .order_by("starts_at", "pk")
    )
    same = [
        one for one in found if one.starts_at < session.ends_at and one.ends_at > session.starts_at
    ]
    return Around(same, [one for one in found if one not in same and _is_elsewhere(one, session)])


def says(session: Session, *, via: str) -> str:
    """A session's name for the person who answers; from a letter that may be anybody."""
    is_private = session.kind == Kind.SUPERVISION and via == Booking.Via.LETTER
    name = "a meeting" if is_private else session.title
    return f"{name}, {words.when(session.starts_at, session.ends_at)}"


def _is_elsewhere(one: Session, other: Session) -> bool:
    return Mode.ONLINE not in (one.mode, other.mode) and one.venue_id != other.venue_id
