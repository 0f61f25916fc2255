"""What is missing in one cohort, as its page says."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from cohorts.models import Cohort, Participation
from dlp import attention, words
from dlp.home.parts.cohort_people import Placed, Row
from dlp.home.parts.desk import DeskSession
from dlp.home.roles import STAFF
from dlp.http import addresses
from dlp.prepared import SOMETHING
from training import streaks
from training.attention.facts import AREA

State = Participation.State


@dataclass(frozen=True)
class Waits:
    """Something in this cohort that waits for staff."""

    sign: str
    title: str
    detail: str
    url: str
    action: str
    posts: bool = False
    """Whether the button acts at once, with POST."""


def waiting(
    cohort: Cohort,
    rows: list[Row],
    placements: dict[int, Placed],
    due: list[DeskSession],
    today: date,
) -> list[Waits]:
    """Everything that is missing, from what the page has read anyway."""
    return [
        *registers_missing(due, today),
        *unplaced(cohort, rows, placements, today),
        *not_started(cohort, rows, today),
        *not_completed(cohort, rows, today),
        *missed_in_a_row(cohort, today),
        *not_invited(cohort, rows),
    ]


def registers_missing(due: Iterable[DeskSession], today: date) -> list[Waits]:
    return [
        Waits(
            sign="bad",
            title=f"Register missing: {one.title}",
            detail=f"Held {words.from_today(one.ends_at, today=today)}.",
            url=addresses("training:register")(one.pk),
            action="Take the register",
        )
        for one in due
    ]


def unplaced(
    cohort: Cohort, rows: Iterable[Row], placements: Container[int], today: date
) -> list[Waits]:
    names = [row.name for row in rows if row.is_expected and row.pk not in placements]
    if not names or today > cohort.ends_on:
        return []
    return [
        Waits(
            sign="due",
            title=f"{words.count(len(names), 'leader')} without a placement",
            detail=f"{words.named(names)}.",
            url=reverse("placements:schools"),
            action="Find a school",
        )
    ]


def not_invited(cohort: Cohort, rows: Iterable[Row]) -> list[Waits]:
    names = [row.name for row in rows if row.is_current and row.email and row.invited_at is None]
    if not names:
        return []
    return [
        Waits(
            sign="soon",
            title=f"{words.count(len(names), 'person', 'people')} not invited to sign in",
            detail=f"{words.named(names)}.",
            url=reverse("cohorts:invite", args=[cohort.pk]),
            action="Invite them all" if len(names) > 1 else "Invite them",
            posts=True,
        )
    ]


def missed_in_a_row(cohort: Cohort, today: date) -> list[Waits]:
    """People who missed the last sessions at which they were expected."""
    return [
        Waits(line.sign, line.title, line.detail, line.url, line.action)
        for line in _missed(today).answer({SOMETHING: cohort.pk})
    ]


@lru_cache(maxsize=2)
def _missed(today: date) -> attention.Question:
    theirs = Participation.objects.visible_to(STAFF).filter(cohort=SOMETHING)
    return attention.Question([streaks.matter(theirs, AREA, today)])


def not_started(cohort: Cohort, rows: Iterable[Row], today: date) -> list[Waits]:
    """People who accepted and whose first day has come."""
    late = [row.name for row in rows if row.state == State.ACCEPTED and row.starts_on <= today]
    if not late:
        return []
    return [
        Waits(
            sign="due",
            title=f"{words.count(len(late), 'person', 'people')} not recorded as started",
            detail=f"{words.named(late)}.",
            url=reverse("cohorts:cohort_start", args=[cohort.pk]),
            action="Record the starts",
        )
    ]


def not_completed(cohort: Cohort, rows: Iterable[Row], today: date) -> list[Waits]:
    """People past their expected last day whose outcome nobody has recorded."""
    late = [row.name for row in rows if row.state == State.ACTIVE and row.expected_end_on < today]
    if not late:
        return []
    return [
        Waits(
            sign="due",
            title=f"{words.count(len(late), 'person', 'people')} past the expected last day",
            detail=f"{words.named(late)}.",
            url=reverse("cohorts:cohort_complete", args=[cohort.pk]),
            action="Record how it ended",
        )
    ]
