"""Attention lines about schools and placements, one module per topic."""

from __future__ import annotations

from datetime import date

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp import attention
from dlp.attention import Line, Matter
from placements.attention import beginnings, hosts, leaders, pencils, reviews, schools


def lines(person: Person, today: date) -> list[Line]:
    """All lines about placements, for people who may settle them."""
    if not can_change_programme(person):
        return []
    return attention.question_of(today, matters).answer()


def matters(today: date) -> list[Matter]:
    rooms = (schools, leaders, beginnings, hosts, reviews, pencils)
    return [matter for room in rooms for matter in room.matters(today)]
