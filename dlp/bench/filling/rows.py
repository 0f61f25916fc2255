"""Rows to insert, collected per model and saved in the order of their dependencies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar

import pgtrigger
from django.db.models import Model

from cohorts.models import Cohort, Completion, Participation, ParticipationChange, Person
from dlp.home.models import Look
from dlp.outbox.models import Attempt, Message
from placements.models import (
    LocalAuthority,
    Opening,
    Partnership,
    Placement,
    PlacementChange,
    Post,
    School,
    SchoolContact,
    SchoolName,
    Trust,
)
from training.models import Booking, Course, GroupMember, Session, SupervisionGroup, Venue

ORDER: list[type[Model]] = [
    Person,
    Look,
    Cohort,
    Participation,
    ParticipationChange,
    Completion,
    Trust,
    LocalAuthority,
    School,
    SchoolName,
    SchoolContact,
    Partnership,
    Opening,
    Placement,
    PlacementChange,
    Post,
    Course,
    Venue,
    SupervisionGroup,
    GroupMember,
    Session,
    Session.cohorts.through,
    Session.facilitators.through,
    Booking,
    Message,
    Attempt,
]
BATCH = 2_000

M = TypeVar("M", bound=Model)


class Rows:
    """What is to be inserted next."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Any]] = defaultdict(list)
        self._about: list[tuple[Message, Model]] = []

    def add(self, row: M) -> M:
        self._waiting[type(row)].append(row)
        return row

    def add_about(self, message: Message, subject: Model) -> Message:
        """A message about something that is saved before it, and has its number only then."""
        self._about.append((message, subject))
        return self.add(message)

    def save(self) -> None:
        """Insert everything; `history` writes what the triggers would have, with days of its own."""
        with pgtrigger.ignore():
            for model in ORDER:
                if model is Message:
                    self._number()
                model._base_manager.bulk_create(self._waiting.pop(model, []), batch_size=BATCH)
        if self._waiting:
            raise LookupError(f"No place in the order: {', '.join(map(str, self._waiting))}.")

    def _number(self) -> None:
        for message, subject in self._about:
            message.subject_id = subject.pk
        self._about.clear()
