"""Where people stand, found by living through the days one by one instead of adding up."""

from __future__ import annotations

from datetime import date, timedelta

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import NOWHERE, Plan, Standing, Step

State = Participation.State
Kind = ParticipationChange.Kind
ONE_DAY = timedelta(days=1)


def day_by_day(steps: list[Step], today: date, plan: Plan) -> Standing:
    """Live through every day up to `today`, with a diary instead of arithmetic."""
    state, before_leaving, started = NOWHERE, NOWHERE, False
    first_day, held_to = None, None
    away, moved = 0, 0
    day = min((step.effective_on for step in steps), default=today)
    while day <= today:
        for step in [step for step in steps if step.effective_on == day]:
            if step.kind == Kind.RESUMED:
                state = State.ACTIVE if started else State.ACCEPTED
                moved, away = moved + away, 0
                continue
            if step.kind == Kind.REVIEWED:
                continue
            if step.kind == Kind.REINSTATED:
                state, held_to = before_leaving, None
                continue
            if step.kind in (Kind.OFFERED, Kind.ACCEPTED):
                first_day = day if day > plan.starts_on else plan.starts_on
            if step.kind == Kind.STARTED:
                started, first_day = True, day
            if step.kind == Kind.DEFERRED:
                away = 0
            if step.kind in (Kind.WITHDRAWN, Kind.TRANSFERRED):
                before_leaving = state
                held_to = day - ONE_DAY if started else first_day - ONE_DAY
            if step.kind == Kind.COMPLETED:
                held_to = day
            state = {
                Kind.OFFERED: State.OFFERED,
                Kind.ACCEPTED: State.ACCEPTED,
                Kind.DECLINED: State.DECLINED,
                Kind.STARTED: State.ACTIVE,
                Kind.DEFERRED: State.DEFERRED,
                Kind.TRANSFERRED: State.TRANSFERRED,
                Kind.COMPLETED: State.COMPLETED,
                Kind.WITHDRAWN: State.WITHDRAWN,
            }[step.kind]
        was_deferred = state == State.DEFERRED or (
            state == State.WITHDRAWN and before_leaving == State.DEFERRED
        )
        if was_deferred and first_day is not None and day >= first_day:
            away += 1
        day += ONE_DAY
    first = first_day or plan.starts_on
    return Standing(
        state=state or State.DECLINED,
        starts_on=first,
        held_to=held_to,
        expected_end_on=max(first, plan.ends_on + timedelta(days=moved)),
    )
