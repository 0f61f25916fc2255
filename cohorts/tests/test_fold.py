"""What attempts at a requirement add up to, against a model that asks of every item on its own."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import PlanItem, RequirementAttempt
from cohorts.planning.fold import Attempt, Slot, Stand, fold

State = PlanItem.State
Outcome = RequirementAttempt.State
FIRST = date(2026, 9, 1)


def asked_one_by_one(slots: list[Slot], attempts: list[Attempt], place: int) -> str:
    """The state of one item, from counting alone: no sorting, no allotting."""
    if slots[place].state in (State.WAIVED, State.NOT_APPLICABLE):
        return slots[place].state
    before = sum(slot.state not in (State.WAIVED, State.NOT_APPLICABLE) for slot in slots[:place])
    met = [attempt for attempt in attempts if attempt.state == Outcome.MET]
    if before < len(met):
        return State.MET
    coming = [
        attempt
        for attempt in attempts
        if attempt.state in (Outcome.BOOKED, Outcome.WAITING_FOR_YOU, Outcome.WAITING_FOR_US)
    ]
    for attempt in coming:
        earlier = sum((one.on, one.pk) < (attempt.on, attempt.pk) for one in coming)
        if before == len(met) + earlier:
            return attempt.state
    counting = [attempt for attempt in attempts if attempt.state != Outcome.NOT_COUNTED]
    failed = [attempt for attempt in counting if attempt.state == Outcome.TO_REPEAT]
    is_last_word = any(
        all((other.on, other.pk) <= (attempt.on, attempt.pk) for other in counting)
        for attempt in failed
    )
    if is_last_word and before == len(met) + len(coming):
        return State.TO_REPEAT
    return State.NOT_STARTED


slots = st.lists(
    st.sampled_from([*[State.NOT_STARTED] * 3, State.WAIVED, State.NOT_APPLICABLE, State.MET]),
    max_size=14,
).map(lambda states: [Slot(pk, state) for pk, state in enumerate(states)])
attempts = st.lists(st.tuples(st.sampled_from(list(Outcome)), st.integers(0, 20)), max_size=16).map(
    lambda drawn: [
        Attempt(pk, state, FIRST + timedelta(days=days)) for pk, (state, days) in enumerate(drawn)
    ]
)


@given(slots=slots, attempts=attempts)
def test_every_item_stands_as_counting_the_attempts_has_it(slots, attempts):
    assert [stand.state for stand in fold(slots, attempts)] == [
        asked_one_by_one(slots, attempts, place) for place in range(len(slots))
    ]


@given(slots=slots, attempts=attempts, data=st.data())
def test_the_order_in_which_facts_arrive_changes_nothing(slots, attempts, data):
    shuffled = data.draw(st.permutations(attempts))

    assert fold(slots, shuffled) == fold(slots, attempts)


@given(slots=slots, attempts=attempts)
def test_an_item_rests_on_an_attempt_of_its_own_exactly_when_it_was_begun(slots, attempts):
    stands = fold(slots, attempts)

    rested = [stand.attempt for stand in stands if stand.attempt is not None]
    assert len(set(rested)) == len(rested)
    idle = (State.NOT_STARTED, State.WAIVED, State.NOT_APPLICABLE)
    assert all((stand.attempt is None) == (stand.state in idle) for stand in stands)


def test_twelve_meetings_fill_twelve_items_one_after_the_other():
    year = [Slot(pk, State.NOT_STARTED) for pk in range(12)]
    held = [Attempt(1, Outcome.MET, FIRST), Attempt(2, Outcome.TO_REPEAT, FIRST + timedelta(49))]
    booked = Attempt(3, Outcome.BOOKED, FIRST + timedelta(98))

    assert fold(year, held)[:3] == [
        Stand(State.MET, 1),
        Stand(State.TO_REPEAT, 2),
        Stand(State.NOT_STARTED),
    ]
    assert fold(year, [*held, booked])[1] == Stand(State.BOOKED, 3)
