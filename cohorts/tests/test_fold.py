"""What goes at a requirement add up to, against a model that asks of every item on its own."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import PlanItem, RequirementAttempt
from cohorts.planning.fold import Go, Slot, Stand, fold

State = PlanItem.State
Outcome = RequirementAttempt.State
FIRST = date(2026, 9, 1)


def asked_one_by_one(slots: list[Slot], goes: list[Go], place: int) -> str:
    """The state of one item, from counting alone: no sorting, no allotting."""
    if slots[place].state in (State.WAIVED, State.NOT_APPLICABLE):
        return slots[place].state
    before = sum(slot.state not in (State.WAIVED, State.NOT_APPLICABLE) for slot in slots[:place])
    met = [go for go in goes if go.state == Outcome.MET]
    if before < len(met):
        return State.MET
    coming = [
        go
        for go in goes
        if go.state in (Outcome.BOOKED, Outcome.WAITING_FOR_YOU, Outcome.WAITING_FOR_US)
    ]
    for go in coming:
        earlier = sum((one.on, one.pk) < (go.on, go.pk) for one in coming)
        if before == len(met) + earlier:
            return go.state
    counting = [go for go in goes if go.state != Outcome.NOT_COUNTED]
    failed = [go for go in counting if go.state == Outcome.TO_REPEAT]
    is_last_word = any(
        all((other.on, other.pk) <= (go.on, go.pk) for other in counting) for go in failed
    )
    if is_last_word and before == len(met) + len(coming):
        return State.TO_REPEAT
    return State.NOT_STARTED


slots = st.lists(
    st.sampled_from([*[State.NOT_STARTED] * 3, State.WAIVED, State.NOT_APPLICABLE, State.MET]),
    max_size=14,
).map(lambda states: [Slot(pk, state) for pk, state in enumerate(states)])
goes = st.lists(st.tuples(st.sampled_from(list(Outcome)), st.integers(0, 20)), max_size=16).map(
    lambda drawn: [
        Go(pk, state, FIRST + timedelta(days=days)) for pk, (state, days) in enumerate(drawn)
    ]
)


@given(slots=slots, goes=goes)
def test_every_item_stands_as_counting_the_goes_has_it(slots, goes):
    assert [stand.state for stand in fold(slots, goes)] == [
        asked_one_by_one(slots, goes, place) for place in range(len(slots))
    ]


@given(slots=slots, goes=goes, data=st.data())
def test_the_order_in_which_facts_arrive_changes_nothing(slots, goes, data):
    shuffled = data.draw(st.permutations(goes))

    assert fold(slots, shuffled) == fold(slots, goes)


@given(slots=slots, goes=goes)
def test_an_item_rests_on_a_go_of_its_own_exactly_when_it_was_begun(slots, goes):
    stands = fold(slots, goes)

    rested = [stand.attempt for stand in stands if stand.attempt is not None]
    assert len(set(rested)) == len(rested)
    idle = (State.NOT_STARTED, State.WAIVED, State.NOT_APPLICABLE)
    assert all((stand.attempt is None) == (stand.state in idle) for stand in stands)


def test_twelve_meetings_fill_twelve_items_one_after_the_other():
    year = [Slot(pk, State.NOT_STARTED) for pk in range(12)]
    held = [Go(1, Outcome.MET, FIRST), Go(2, Outcome.TO_REPEAT, FIRST + timedelta(49))]
    booked = Go(3, Outcome.BOOKED, FIRST + timedelta(98))

    assert fold(year, held)[:3] == [
        Stand(State.MET, 1),
        Stand(State.TO_REPEAT, 2),
        Stand(State.NOT_STARTED),
    ]
    assert fold(year, [*held, booked])[1] == Stand(State.BOOKED, 3)
