"""Whether a step fits into somebody's time in a cohort; if not, the sentence that says why."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from cohorts.models import Cohort, Participation, ParticipationChange
from cohorts.operations.settling import plan_of
from cohorts.standing import NotListed, in_force, replay, steps_of
from dlp import words
from dlp.errors import Refused

Kind = ParticipationChange.Kind
State = Participation.State

SAID = {
    Kind.OFFERED: "were offered a place",
    Kind.ACCEPTED: "accepted",
    Kind.DECLINED: "declined",
    Kind.STARTED: "started",
    Kind.DEFERRED: "deferred",
    Kind.REVIEWED: "had their deferral looked at again",
    Kind.RESUMED: "resumed",
    Kind.TRANSFERRED: "transferred",
    Kind.COMPLETED: "completed",
    Kind.WITHDRAWN: "withdrew",
    Kind.REINSTATED: "were reinstated",
}
STANDS = {
    State.OFFERED: "has an offer",
    State.ACCEPTED: "has accepted and not started",
    State.ACTIVE: "is active",
    State.DEFERRED: "is deferred",
    State.COMPLETED: "has completed",
    State.WITHDRAWN: "has withdrawn",
    State.TRANSFERRED: "has been transferred",
    State.DECLINED: "has declined",
}
FARTHEST = timedelta(days=5 * 366)
"""From the cohort's own days; a day farther away is a mistyped year."""


def stands(participation: Participation) -> str:
    """Their state, for the end of a sentence: "is active"."""
    return STANDS[State(participation.state)]


def refuse_days_that_cannot_be(change: ParticipationChange) -> None:
    day, cohort = change.effective_on, change.participation.cohort
    refuse_far_days(day, cohort)
    if change.kind == Kind.STARTED and not cohort.starts_on <= day <= cohort.ends_on:
        raise Refused(
            f"{cohort} runs {words.span(cohort.starts_on, cohort.ends_on)}. Choose one of its days."
        )


def refuse_far_days(day: date, cohort: Cohort) -> None:
    if not cohort.starts_on - FARTHEST <= day <= cohort.ends_on + FARTHEST:
        raise Refused(f"{words.plain_day(day)} is too far from {cohort}. Check the year.")


def refuse_what_does_not_fit(change: ParticipationChange) -> None:
    participation = change.participation
    earlier = in_force(participation.changes.all())
    later = [row for row in earlier if row.effective_on > change.effective_on]
    rows = [*(row for row in earlier if row not in later), change, *later]
    try:
        replay(steps_of(rows), timezone.localdate(), plan_of(participation))
    except NotListed as misfit:
        did = f"so it cannot be recorded that they {SAID[Kind(change.kind)]}"
        day = words.plain_day(change.effective_on)
        if rows[misfit.place] is not change:
            raise Refused(
                f"“{rows[misfit.place]}” is recorded already and would not fit after this. "
                f"Choose a later day, or undo that first."
            ) from None
        if not misfit.state:
            raise Refused(
                f"{participation.person} had no place in {participation.cohort} on {day}, {did}."
            ) from None
        stood = STANDS[State(misfit.state)]
        raise Refused(f"{participation.person} {stood} on {day}, {did}.") from None
