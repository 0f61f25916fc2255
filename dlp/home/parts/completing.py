"""Completing the programme: for a leader near the end, and over a whole cohort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator

from cohorts.completion import Verdict, as_part, criteria, verdict_of, verdicts
from cohorts.models import Cohort, Completion, Participation, Person
from cohorts.models.people import listed_name

NEAR = timedelta(days=180)
"""How long before the last day a leader sees what is left to do."""
A_PAGE = 50
READY = "ready"


@dataclass(frozen=True)
class MyCompletion:
    """What is left before the last day; after completing, the certificate."""

    verdict: Verdict | None
    has_certificate: bool

    @property
    def heading(self) -> str:
        if self.verdict is None:
            return "Your certificate"
        return "Everything is there" if self.verdict.is_ready else "On the last stretch"


def mine(participation: Participation, today: date) -> MyCompletion | None:
    """One query near the end and after it; before that None, without a query."""
    if participation.state == Participation.State.COMPLETED:
        found = Completion.objects.in_force_on(today)
        has = found.filter(change__participation=participation.pk).exists()
        return MyCompletion(None, has_certificate=True) if has else None
    if participation.is_expected and participation.expected_end_on - today <= NEAR:
        return MyCompletion(verdict_of(participation), has_certificate=False)
    return None


class Row(NamedTuple):
    pk: int
    person_id: int
    name: str
    verdict: Verdict


class Chip(NamedTuple):
    """A filter, with how many it finds."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class CohortCompletion:
    chips: list[Chip]
    wanted: str
    rows: list[Row]

    def page(self, number: str | None) -> Page[Row]:
        return Paginator(self.rows, A_PAGE).get_page(number)

    def for_a_file(self) -> tuple[list[str], Iterator[list[Any]]]:
        """A header and rows: a column for each thing that completing takes, in words."""
        header = ["Name", "Last day", "Met", "Of", *(one.label for one in criteria())]
        rows = (
            [one.name, told.on, told.met, told.total, *(each.words for each in told.answers)]
            for one in self.rows
            for told in [one.verdict]
        )
        return header, rows


def of_cohort(viewer: Person, cohort: Cohort, wanted: str) -> CohortCompletion:
    """Everybody on the programme: what they lack, or that they are ready. Two queries at any size."""
    times = Participation.objects.visible_to(viewer).filter(cohort=cohort).current()
    people = times.order_by("person__search_text", "pk").values_list(
        "pk", "person_id", "person__full_name", "person__known_as"
    )
    found = verdicts(pk for pk, *_ in people)
    rows = [
        Row(pk, person_id, listed_name(full_name, known_as), found[pk])
        for pk, person_id, full_name, known_as in people
    ]
    chips = chips_of(rows)
    known = wanted if any(chip.key == wanted for chip in chips) else ""
    shown = sorted((row for row in rows if is_wanted(row, known)), key=lambda row: -row.verdict.met)
    return CohortCompletion(chips, known, shown)


def is_wanted(row: Row, wanted: str) -> bool:
    if wanted == READY:
        return row.verdict.is_ready
    return not wanted or any(one.key == wanted for one in row.verdict.lacking)


def chips_of(rows: list[Row]) -> list[Chip]:
    filters = [("", "Everybody"), (READY, "Ready")]
    filters += [(one.key, f"Lacking: {as_part(one.label)}") for one in criteria()]
    return [Chip(key, label, sum(is_wanted(row, key) for row in rows)) for key, label in filters]
