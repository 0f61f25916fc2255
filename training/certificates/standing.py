"""Current, due soon, overdue or nothing known: training held, and the yearly refresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from training.certificates.rules import (
    Rules,
    rules_on,
    training_until,
    update_until,
)


class Standing(StrEnum):
    """How training or the refresh stands on a day. "Expired" is not a word we use."""

    CURRENT = "current"
    DUE_SOON = "refresh_due_soon"
    OVERDUE = "refresh_overdue"
    NO_RECORD = "no_record"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


COUNTS = frozenset({Standing.CURRENT, Standing.DUE_SOON})


@dataclass(frozen=True)
class Held:
    """The facts of a certificate that decide how somebody stands.

    `submitted_on` is the day it was handed in, while it is in review; None once verified.
    """

    completed_on: date
    submitted_on: date | None = None
    pk: int = 0
    says_until: date | None = None

    def until(self, known: Sequence[Rules]) -> date:
        """The last day on which it counts, once verified."""
        return training_until(self.completed_on, known, self.says_until)


@dataclass(frozen=True)
class Training:
    """How somebody's training stands on a day, and by which certificate."""

    standing: Standing
    on: date
    certificate: Held | None = None
    until: date | None = None
    review_until: date | None = None
    """If it counts only because it is in review: the last day on which it does."""

    @property
    def counts(self) -> bool:
        return self.standing in COUNTS

    @property
    def days_left(self) -> int:
        """From today to the last day on which it counts; negative once that is past."""
        return (self.until - self.on).days if self.until else 0


def training_on(day: date, held: Iterable[Held], known: Sequence[Rules]) -> Training:
    """Judge by the training that counts longest: early renewal runs from its own day (R-DSL-04).

    One in review counts for a limited number of days after it was handed in, if it is the later
    one; after that it is ignored until somebody has reviewed it.
    """
    rules = rules_on(day, known)
    open_for = timedelta(days=rules.review_days)
    counting = [
        one
        for one in held
        if one.completed_on <= day
        and (one.submitted_on is None or day <= one.submitted_on + open_for)
    ]
    if not counting:
        return Training(Standing.NO_RECORD, day)
    last = latest(counting, known)
    until = last.until(known)
    review_until = last.submitted_on + open_for if last.submitted_on else None
    return Training(_standing(day, until, rules), day, last, until, review_until)


def latest(held: Iterable[Held], known: Sequence[Rules]) -> Held:
    """The certificate that decides: the one that counts longest, then completed or verified last."""
    return max(
        held,
        key=lambda one: (one.until(known), one.completed_on, one.submitted_on is None, one.pk),
    )


@dataclass(frozen=True)
class Refresh:
    """How the yearly refresh stands on a day: updates in the last year, and when the next is due."""

    standing: Standing
    on: date
    minutes: int = 0
    count: int = 0
    last_on: date | None = None
    until: date | None = None

    @property
    def days_left(self) -> int:
        return (self.until - self.on).days if self.until else 0


def refresh_on(
    day: date, logged: Iterable[tuple[date, int]], trained_on: date | None, known: Sequence[Rules]
) -> Refresh:
    """Due a period after the later of the last training and the last update (R-DSL-05).

    `logged` has days and minutes; only those recent enough for the rules are summed.
    """
    past = [(on, minutes) for on, minutes in logged if on <= day]
    recent = [minutes for on, minutes in past if update_until(on, known) >= day]
    days = [on for on, _ in past] + ([trained_on] if trained_on and trained_on <= day else [])
    if not days:
        return Refresh(Standing.NO_RECORD, day)
    last_on = max(days)
    until = update_until(last_on, known)
    standing = _standing(day, until, rules_on(day, known))
    return Refresh(standing, day, sum(recent), len(recent), last_on, until)


def _standing(day: date, until: date, rules: Rules) -> Standing:
    if day > until:
        return Standing.OVERDUE
    return Standing.DUE_SOON if day >= until - rules.notice else Standing.CURRENT
