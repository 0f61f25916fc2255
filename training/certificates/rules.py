"""The rules of a time, and until when training counts by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from dlp.calendar import months_later

A_DAY = timedelta(days=1)


class Rules(NamedTuple):
    """What a `CertificatePolicy` says, from its day to the eve of the next one's."""

    valid_from: date
    refresh_months: int
    update_months: int
    notice_days: tuple[int, ...]
    weekly_count: int
    review_days: int
    prevent_months: int = 24

    @classmethod
    def told(cls, facts: dict[str, Any]) -> Rules:
        """From JSON, which has neither dates nor tuples."""
        said = {**facts, "valid_from": date.fromisoformat(facts["valid_from"])}
        return cls(**{**said, "notice_days": tuple(facts["notice_days"])})

    @property
    def notice(self) -> timedelta:
        """How long before its last day training is due soon."""
        return timedelta(days=max(self.notice_days, default=0))


def rules_on(day: date, known: Sequence[Rules]) -> Rules:
    """Those in force on a day; before the first, the first. `known` has them by their days."""
    begun = [one for one in known if one.valid_from <= day]
    return begun[-1] if begun else known[0]


def training_until(
    completed_on: date, known: Sequence[Rules], says_until: date | None = None
) -> date:
    """The last day on which training counts (R-DSL-01): current through it, overdue the next day.

    Every day goes by the rules of that day. Rules that change while it counts shorten or lengthen
    what is left of it; what has lapsed by then stays lapsed. A day that stands on the certificate,
    as a local partnership asks, can only shorten it.
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
    """The last day before the next update is overdue (R-DSL-05); `last_on` had one, or training."""
    return _until(last_on, [(one.valid_from, one.update_months) for one in known])


def _until(since: date, spans: Sequence[tuple[date, int]]) -> date:
    begun = max((place for place, (start, _) in enumerate(spans) if start <= since), default=0)
    until = months_later(since, spans[begun][1])
    for start, months in spans[begun + 1 :]:
        if until < start:
            break
        until = max(months_later(since, months), start - A_DAY)
    return until
