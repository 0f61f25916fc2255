"""The completions of the demonstration's leaders."""

from __future__ import annotations

import hashlib
from datetime import date

from cohorts.completion import Verdict, verdicts
from cohorts.models import Completion, Participation, ParticipationChange
from cohorts.models.completions import reference_of
from cohorts.operations.completions import row_of
from dlp.home.demo import cast
from dlp.home.demo.clock import noon
from dlp.home.demo.lives import DAY
from dlp.home.demo.people import People
from placements.models import UnknownDestination

REASONS = (
    "They made up for the sessions that they missed, and their host lead confirmed it in writing.",
    "They did the work of the sessions that they missed in writing, with their supervisor.",
    "Two sessions fell on inspection days at their school, and the third was called off.",
)


def keep_completions(people: People, today: date) -> None:
    """Record destinations that are not known, and then the verdict of each completion."""
    completed = Participation.objects.filter(state=Participation.State.COMPLETED)
    keys = list(completed.values_list("pk", flat=True))
    _say_what_is_not_known(verdicts(keys), people, today)
    found = verdicts(keys)
    changes = ParticipationChange.objects.filter(
        kind=ParticipationChange.Kind.COMPLETED, participation__in=completed
    ).select_related("participation__person")
    rows = [_row(change, found[change.participation_id]) for change in changes]
    for number, row in enumerate(one for one in rows if one.is_override):
        row.override_reason = REASONS[number % len(REASONS)]
    Completion.objects.bulk_create(rows)


def _say_what_is_not_known(found: dict[int, Verdict], people: People, today: date) -> None:
    UnknownDestination.objects.bulk_create(
        UnknownDestination(
            participation_id=pk,
            said_at=noon(min(verdict.on, today - DAY)),
            said_by=people[cast.COORDINATOR],
        )
        for pk, verdict in found.items()
        if any(one.key == "destination" for one in verdict.lacking)
    )


def _row(change: ParticipationChange, verdict: Verdict) -> Completion:
    """With the same reference whenever the demonstration is built."""
    row = row_of(change, verdict, override_reason="")
    name = change.participation.person.full_name
    row.reference = reference_of(hashlib.sha256(name.encode()).digest())
    return row
