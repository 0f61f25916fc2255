"""What about schools and placements waits for staff, a module for what each is about."""

from __future__ import annotations

from datetime import date

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp import attention
from dlp.attention import Line, Matter
from placements.attention import beginnings, hosts, leaders, pencils, reviews, schools


def lines(person: Person, today: date) -> list[Line]:
    """Everything of ours that waits for this person; nothing but for those who can settle it."""
    if not can_change_programme(person):
        return []
    return attention.question_of(today, matters).answer()


def matters(today: date) -> list[Matter]:
    rooms = (schools, leaders, beginnings, hosts, reviews, pencils)
    return [matter for room in rooms for matter in room.matters(today)]
