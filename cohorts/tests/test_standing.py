"""Where people stand, against a model that goes through the days one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import NOWHERE, TRANSITIONS, NotListed, Plan, Step, replay
from cohorts.tests.diary import day_by_day

State = Participation.State
Kind = ParticipationChange.Kind
PLAN = Plan(date(2026, 9, 1), date(2028, 8, 31))
ONE_DAY = timedelta(days=1)


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
