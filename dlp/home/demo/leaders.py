"""The leaders of the demonstration, cohort by cohort, from the table beside this module."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cohorts.models.cohorts import default_end
from dlp.calendar import academic_year

TABLE = Path(__file__).parent / "leaders.csv"
"""A row a leader. `at` and `to` are URNs of their hosts; that of a mainstream school stands for the
internal AP in it. `turn` is what did not go as planned, `on` so many days after the cohort began."""

PIONEERS = 2019
TABLED_TO = 2026
GIVEN_NAMES = (
    ("Naomi", "she/her"),
    ("Daniel", "he/him"),
    ("Maya", "she/her"),
    ("Leon", "he/him"),
    ("Sara", "she/her"),
    ("Adam", "he/him"),
    ("Hana", "she/they"),
    ("Isaac", "he/him"),
)
FAMILY_NAMES = (
    "Ahmed", "Bennett", "Chaudhry", "Doherty", "Edwards", "Forde", "Grant", "Hughes",
    "Ibrahim", "Jackson", "Kaur", "Lewis", "Mirza", "Nolan", "Owusu", "Palmer",
)  # fmt: skip


class Turn(NamedTuple):
    """What did not go as planned: deferred, withdrew, ended early or transferred, and why."""

    what: str
    after_days: int
    why: str
    to: int | None
    """The URN of the next host, after a transfer."""


class Came(NamedTuple):
    """A turn that has happened, and its day."""

    what: str
    day: date
    why: str
    to: int | None


class Job(NamedTuple):
    title: str
    urn: int


class Leader(NamedTuple):
    """A Difference Leader: where they are placed, what they came from and what they went on to."""

    name: str
    known_as: str
    pronouns: str
    urn: int
    strand: str
    came_from: str
    turn: Turn | None
    jobs: list[Job]


class CohortPlan(NamedTuple):
    """A cohort as it was planned."""

    year: int
    name: str
    starts_on: date
    ends_on: date
    leaders: list[Leader]

    @property
    def is_pioneer(self) -> bool:
        return self.year == PIONEERS


def cohort_plans(today: date) -> list[CohortPlan]:
    """Every cohort that has begun: one a year, so that one is in its first and one in its second."""
    return [_plan(year) for year in range(PIONEERS, academic_year(today) + 1)]


def _plan(year: int) -> CohortPlan:
    is_pioneer = year == PIONEERS
    starts_on = date(year, 4, 23) if is_pioneer else date(year, 9, 1)
    return CohortPlan(
        year=year,
        name="Pioneer Cohort" if is_pioneer else f"{year} Cohort",
        starts_on=starts_on,
        ends_on=default_end(starts_on),
        leaders=_table()[year] if year <= TABLED_TO else _later(year),
    )


def _later(year: int) -> list[Leader]:
    """A cohort after the table's last: its eight posts, with other people; names for sixteen years."""
    turn_of_names = year - TABLED_TO - 1
    return [
        post._replace(
            name=f"{given} {FAMILY_NAMES[(number + turn_of_names) % len(FAMILY_NAMES)]}",
            known_as="",
            pronouns=pronouns,
        )
        for number, (post, (given, pronouns)) in enumerate(
            zip(_table()[TABLED_TO], GIVEN_NAMES, strict=True)
        )
    ]


@cache
def _table() -> dict[int, list[Leader]]:
    cohorts: dict[int, list[Leader]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cohorts.setdefault(int(row["cohort"]), []).append(_leader(row))
    return cohorts


def _leader(row: dict[str, str]) -> Leader:
    strands = {"T": "teaching_and_learning", "W": "wellbeing_and_safeguarding"}
    turn = None
    if row["turn"]:
        to = int(row["to"]) if row["to"] else None
        turn = Turn(row["turn"], int(row["on"]), row["why"], to)
    return Leader(
        name=row["name"],
        known_as=row["known_as"],
        pronouns=row["pronouns"],
        urn=int(row["at"]),
        strand=strands[row["strand"]],
        came_from=row["came_from"],
        turn=turn,
        jobs=[
            Job(row[step], int(row[f"{step}_at"]))
            for step in ("then", "later")
            if row[f"{step}_at"]
        ],
    )


def turn_so_far(leader: Leader, plan: CohortPlan, today: date) -> Came | None:
    """A leader's turn and its day; None if there is none yet.

    In a running cohort somebody is always away: there the deferral began some weeks ago.
    """
    if leader.turn is None:
        return None
    day = plan.starts_on + timedelta(days=leader.turn.after_days)
    if leader.turn.what == "deferred" and plan.ends_on >= today:
        day = max(plan.starts_on + timedelta(days=45), today - timedelta(days=75))
    return Came(leader.turn.what, day, leader.turn.why, leader.turn.to) if day < today else None
