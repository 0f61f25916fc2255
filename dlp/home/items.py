"""One participant's plan as flat rows: for the home, the arc and the page of the two years."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from cohorts.models import Participation, PlanItem
from cohorts.models.people import listed_name
from cohorts.models.strands import Strand
from dlp import words
from dlp.prepared import SOMEBODY, Prepared

State = PlanItem.State

COLUMNS = (
    "pk",
    "key",
    "title",
    "due_on",
    "is_pinned",
    "is_optional",
    "state",
    "requirement__key",
    "attempt__on",
    "attempt__source_kind",
    "attempt__source_id",
)
"""What a home shows of an item."""
AND_WHO_SAYS_SO = (
    "requirement__short_name",
    "requirement__strand",
    "attempt__recorded_at",
    "attempt__reported_by__full_name",
    "attempt__reported_by__known_as",
    "excuse",
    "excused_at",
    "excused_by__full_name",
    "excused_by__known_as",
)
"""What the page of the two years shows besides."""
ASKED = frozenset({State.NOT_STARTED, State.WAITING_FOR_YOU, State.TO_REPEAT})
"""The states in which it is the participant's turn."""


class Item(NamedTuple):
    """A plan item, its state, and who reported it."""

    pk: int
    key: str
    title: str
    due_on: date | None
    is_pinned: bool
    is_optional: bool
    state: str
    requirement: str
    on: date | None
    source_kind: str | None
    source_id: int | None
    short_name: str = ""
    strand_value: str = ""
    recorded_at: datetime | None = None
    reported_by: str | None = None
    reported_by_known_as: str | None = None
    excuse: str = ""
    excused_at: datetime | None = None
    excused_by: str | None = None
    excused_by_known_as: str | None = None

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def strand(self) -> str:
        return str(Strand(self.strand_value).label) if self.strand_value else ""

    @property
    def is_done(self) -> bool:
        return self.state in PlanItem.DONE_STATES

    @property
    def is_excused(self) -> bool:
        return self.state in PlanItem.EXCUSED_STATES

    @property
    def booking(self) -> int | None:
        """The key of the booking that its state rests on."""
        return self.source_id if self.source_kind == "booking" else None

    @property
    def is_asked(self) -> bool:
        """Whether it waits for the participant; optional items do not."""
        return self.state in ASKED and not self.is_optional

    def is_overdue(self, today: date) -> bool:
        return self.is_asked and self.due_on is not None and self.due_on < today

    @property
    def recorded(self) -> str:
        """Recorded by Lena Hart on 3 October 2026"""
        if self.is_excused and self.excused_at:
            by = listed_name(self.excused_by or "", self.excused_by_known_as or "")
            return f"{self.state_label} by {by} on {words.plain_day(self.excused_at)}"
        if self.recorded_at is None:
            return ""
        name = self.reported_by
        by = f" by {listed_name(name, self.reported_by_known_as or '')}" if name else ""
        return f"Recorded{by} on {words.plain_day(self.recorded_at)}"


def read(participation: Participation, *more: str) -> list[Item]:
    """A participation's plan by day; items without a day come last. One query."""
    return [Item(*row) for row in _question(*more).rows({SOMEBODY: participation.pk})]


@cache
def _question(*more: str) -> Prepared:
    plan = PlanItem.objects.filter(participation=SOMEBODY)
    return Prepared(plan.values_list(*COLUMNS, *more))
