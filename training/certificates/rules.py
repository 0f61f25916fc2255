"""The rules of a period, and until when training counts under them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from dlp.calendar import months_later

A_DAY = timedelta(days=1)


class Rules(NamedTuple):
    """The content of a `CertificatePolicy`, valid from its day until the next one's."""

    valid_from: date
    refresh_months: int
    update_months: int
    notice_days: tuple[int, ...]
    weekly_count: int
    review_days: int
    prevent_months: int = 24

    @classmethod
    def told(cls, facts: dict[str, Any]) -> Rules:
        """Decoded from JSON, which has neither dates nor tuples."""
        said = {**facts, "valid_from": date.fromisoformat(facts["valid_from"])}
        return cls(**{**said, "notice_days": tuple(facts["notice_days"])})

    @property
    def notice(self) -> timedelta:
        """How long before its last day training is due soon."""
        return timedelta(days=max(self.notice_days, default=0))


def rules_on(day: date, known: Sequence[Rules]) -> Rules:
    """The rules in force on a day; before the first ones, the first. `known` has them by day."""
    begun = [one for one in known if one.valid_from <= day]
    return begun[-1] if begun else known[0]


def training_until(
    completed_on: date, known: Sequence[Rules], says_until: date | None = None
) -> date:
    """The last day on which training counts (R-DSL-01); the next day it is overdue.

    Each day is judged by the rules of that day: a change of rules lengthens or shortens what is
    left, but does not revive what has lapsed. A date on the certificate itself, as a local
    partnership may ask, can only shorten it.
    """
    until = _until(completed_on, [(one.valid_from, one.refresh_months) for one in known])
    return min(until, says_until or until)


def prevent_until(
    completed_on: date, known: Sequence[Rules], says_until: date | None = None
) -> date:
    """The last day before a refresh of Prevent training is recommended, never asked (R-DSL-07)."""
    until = _until(completed_on, [(one.valid_from, one.prevent_months) for one in known])
    return min(until, says_until or until)


def update_until(last_on: date, known: Sequence[Rules]) -> date:
    """The last day before the next update is overdue, counted from `last_on` (R-DSL-05)."""
    return _until(last_on, [(one.valid_from, one.update_months) for one in known])


def _until(since: date, spans: Sequence[tuple[date, int]]) -> date:
    begun = max((place for place, (start, _) in enumerate(spans) if start <= since), default=0)
    until = months_later(since, spans[begun][1])
    for start, months in spans[begun + 1 :]:
        if until < start:
            break
        until = max(months_later(since, months), start - A_DAY)
    return until
