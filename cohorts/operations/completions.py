"""Recording how somebody met the criteria when they completed."""

from __future__ import annotations

from cohorts.completion import Verdict, verdict_of
from cohorts.models import Completion, ParticipationChange, Person
from cohorts.models.completions import LEAST_REASON
from cohorts.permissions import can_override_completion
from dlp.errors import Refused


def keep(change: ParticipationChange, *, by: Person, override: str = "") -> Completion:
    """Judge the day of a completion, and store the verdict with it.

    Raises Refused if something is lacking, unless a programme lead gives a reason to complete all
    the same. A reason that is not needed is not stored.
    """
    verdict = verdict_of(change.participation, change.effective_on)
    reason = override.strip()
    if verdict.is_ready:
        reason = ""
    elif not can_override_completion(by):
        raise Refused(f"{verdict.words} Only a programme lead can record it all the same.")
    elif len(reason) < LEAST_REASON:
        raise Refused(
            f"{verdict.words} To record it all the same, give a reason of at least "
            f"{LEAST_REASON} letters."
        )
    completion = row_of(change, verdict, override_reason=reason)
    completion.save(force_insert=True)
    return completion


def row_of(change: ParticipationChange, verdict: Verdict, *, override_reason: str) -> Completion:
    """The verdict as a row beside the change that completes, not yet saved."""
    return Completion(
        change=change,
        answers=[
            {"key": one.key, "label": one.label, "is_met": one.is_met, "words": one.words}
            for one in verdict.answers
        ],
        met=verdict.met,
        total=verdict.total,
        override_reason=override_reason,
    )
