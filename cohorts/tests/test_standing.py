"""Where people stand, against a model that goes through the days one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import NOWHERE, TRANSITIONS, NotListed, Plan, Standing, Step, replay

State = Participation.State
Kind = ParticipationChange.Kind
PLAN = Plan(date(2026, 9, 1), date(2028, 8, 31))
ONE_DAY = timedelta(days=1)


def day_by_day(steps: list[Step], today: date, plan: Plan) -> Standing:
    """Live through every day up to `today`, with a diary instead of arithmetic."""
    state, before_leaving, started = NOWHERE, NOWHERE, False
    first_day, held_to = None, None
    away, moved = 0, 0
    day = min(step.effective_on for step in steps)
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


@st.composite
def lives(draw: st.DrawFn) -> list[Step]:
    """Any sequence that the table allows, some steps on one day, some long after the last."""
    steps: list[Step] = []
    day = PLAN.starts_on + timedelta(days=draw(st.integers(-200, 100)))
    for _ in range(draw(st.integers(1, 8))):
        state = state_after(steps)
        following = sorted(TRANSITIONS[state])
        if not following:
            break
        steps.append(Step(draw(st.sampled_from(following)), day))
        day += timedelta(days=draw(st.integers(0, 120)))
    return steps


def state_after(steps: list[Step]) -> str:
    return replay(steps, date.max, PLAN).state if steps else NOWHERE


@given(steps=lives(), ahead=st.integers(0, 900))
def test_replay_agrees_with_a_diary(steps, ahead):
    today = steps[0].effective_on + timedelta(days=ahead)

    assert replay(steps, today, PLAN) == day_by_day(steps, today, PLAN)


@given(steps=lives(), ahead=st.integers(0, 900))
def test_time_ends_exactly_when_the_state_says_so(steps, ahead):
    standing = replay(steps, steps[0].effective_on + timedelta(days=ahead), PLAN)

    has_ended = standing.state in (State.COMPLETED, State.WITHDRAWN, State.TRANSFERRED)
    assert (standing.held_to is not None) == has_ended
    if standing.held_to is not None:
        assert standing.held_to >= standing.starts_on - ONE_DAY
    assert standing.expected_end_on >= standing.starts_on


WAYS_TO = {
    NOWHERE: [],
    State.OFFERED: [Kind.OFFERED],
    State.ACCEPTED: [Kind.ACCEPTED],
    State.ACTIVE: [Kind.ACCEPTED, Kind.STARTED],
    State.DEFERRED: [Kind.ACCEPTED, Kind.STARTED, Kind.DEFERRED],
    State.COMPLETED: [Kind.ACCEPTED, Kind.STARTED, Kind.COMPLETED],
    State.WITHDRAWN: [Kind.ACCEPTED, Kind.STARTED, Kind.WITHDRAWN],
    State.TRANSFERRED: [Kind.ACCEPTED, Kind.STARTED, Kind.TRANSFERRED],
    State.DECLINED: [Kind.OFFERED, Kind.DECLINED],
}
LISTED = {
    (NOWHERE, "offered"),
    (NOWHERE, "accepted"),
    ("offered", "accepted"),
    ("offered", "declined"),
    ("accepted", "started"),
    ("accepted", "deferred"),
    ("accepted", "transferred"),
    ("accepted", "withdrawn"),
    ("active", "deferred"),
    ("active", "transferred"),
    ("active", "completed"),
    ("active", "withdrawn"),
    ("deferred", "reviewed"),
    ("deferred", "resumed"),
    ("deferred", "transferred"),
    ("deferred", "withdrawn"),
    ("withdrawn", "reinstated"),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", WAYS_TO)
def test_only_the_listed_changes_may_follow(state, kind):
    way = [Step(each, PLAN.starts_on) for each in WAYS_TO[state]]
    steps = [*way, Step(kind, PLAN.starts_on + ONE_DAY)]

    if (state, kind) in LISTED:
        replay(steps, PLAN.ends_on, PLAN)
    else:
        with pytest.raises(NotListed):
            replay(steps, PLAN.ends_on, PLAN)


def test_every_state_has_a_row_in_the_table():
    assert set(TRANSITIONS) == {NOWHERE, *State}


def test_a_change_ahead_does_not_count_yet():
    steps = [
        Step(Kind.ACCEPTED, date(2026, 5, 1)),
        Step(Kind.STARTED, date(2026, 9, 1)),
        Step(Kind.WITHDRAWN, date(2027, 1, 1)),
    ]

    assert replay(steps, date(2026, 12, 31), PLAN).state == State.ACTIVE
    assert replay(steps, date(2027, 1, 1), PLAN).held_to == date(2026, 12, 31)


def test_parental_leave_moves_the_end_by_its_days():
    steps = [
        Step(Kind.ACCEPTED, date(2026, 9, 1)),
        Step(Kind.STARTED, date(2026, 9, 1)),
        Step(Kind.DEFERRED, date(2027, 3, 1)),
        Step(Kind.RESUMED, date(2027, 3, 31)),
    ]

    assert replay(steps, date(2027, 4, 1), PLAN).expected_end_on == date(2028, 9, 30)
